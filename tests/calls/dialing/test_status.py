from itertools import product

import pytest

from calls.models import IN_FLIGHT, TERMINAL, CallStatus
from calls.status import ALLOWED_MOVES, may_move

RANK = {CallStatus.QUEUED: 0, CallStatus.DIALING: 1, CallStatus.RINGING: 2, CallStatus.IN_PROGRESS: 3}


@pytest.mark.parametrize("status", TERMINAL)
def test_a_terminal_status_never_moves(status):
    assert not any(may_move(status, target) for target in CallStatus)


@pytest.mark.parametrize(("origin", "target"), list(product(IN_FLIGHT, IN_FLIGHT)))
def test_a_call_in_flight_only_moves_forward(origin, target):
    if may_move(origin, target):
        assert RANK[target] > RANK[origin]


@pytest.mark.parametrize("target", TERMINAL)
def test_every_end_can_be_reached_once_the_carrier_was_asked(target):
    assert all(may_move(origin, target) for origin in IN_FLIGHT if origin != CallStatus.QUEUED)


def test_a_call_that_nobody_placed_neither_rings_nor_completes():
    assert ALLOWED_MOVES[CallStatus.QUEUED] == {CallStatus.DIALING, CallStatus.FAILED, CallStatus.CANCELED}

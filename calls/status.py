"""The states of a call as one picture: who may follow whom. Pure.

News of the carrier comes late, doubled and out of order, so a state may be skipped but never gone back to.
"""

from calls.models.call import TERMINAL, CallStatus

_ENDS = frozenset(TERMINAL)

ALLOWED_MOVES: dict[CallStatus, frozenset[CallStatus]] = {
    CallStatus.QUEUED: frozenset({CallStatus.DIALING, CallStatus.FAILED, CallStatus.CANCELED}),
    CallStatus.DIALING: frozenset({CallStatus.RINGING, CallStatus.IN_PROGRESS}) | _ENDS,
    CallStatus.RINGING: frozenset({CallStatus.IN_PROGRESS}) | _ENDS,
    CallStatus.IN_PROGRESS: _ENDS,
    CallStatus.COMPLETED: frozenset(),
    CallStatus.BUSY: frozenset(),
    CallStatus.NO_ANSWER: frozenset(),
    CallStatus.FAILED: frozenset(),
    CallStatus.CANCELED: frozenset(),
}


def may_move(from_status: str, to_status: str) -> bool:
    return CallStatus(to_status) in ALLOWED_MOVES[CallStatus(from_status)]

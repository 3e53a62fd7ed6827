"""Ending a call at the carrier. The row keeps the wish until the carrier tells of the end, so it is never lost."""

from datetime import timedelta

from callcenter import clock
from calls.dispatch import dispatch_or_run
from calls.models import Call
from calls.services.finishing import note_why_ending
from calls.services.moving import in_transaction, lock, nudge_pages, store

COMPARED_AFTER = timedelta(seconds=15)
"""When the sweeper asks about a call whose end was asked for and not yet told."""


@in_transaction
def ask_to_hang_up(*, call: Call, reason: str) -> None:
    """End a call that the carrier was asked for. Its number is free only once the carrier says that it ended.

    Where the carrier's id is not known yet, whoever learns it hangs up: the worker that placed the call, the carrier's
    news, or the sweeper.
    """
    lock(call)
    note_why_ending(call=call, reason=reason)
    now = clock.now()
    store(call, hang_up_asked_at=call.hang_up_asked_at or now, lease_expires_at=now + COMPARED_AFTER)
    end_at_carrier_soon(call)
    nudge_pages(call)


def end_at_carrier_soon(call: Call) -> None:
    """By a worker; without Redis the carrier is told from here. What fails even so is left to the sweeper."""
    from calls.jobs import end_at_carrier

    if call.carrier_sid:
        dispatch_or_run("dialing", end_at_carrier, str(call.pk), at_front=True)

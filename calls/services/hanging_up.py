"""Ending a call at the carrier. The row keeps the wish until the carrier tells of the end, so it is never lost."""

from datetime import timedelta

from callcenter import clock
from calls.dispatch import SOON_AGAIN, dispatch_or_run
from calls.end_reasons import EndReason
from calls.models import Call
from calls.providers import telephony
from calls.services.finishing import note_why_ending
from calls.services.moving import in_transaction, lock, nudge_pages, record_event, store

COMPARED_AFTER = timedelta(seconds=15)
"""When the sweeper asks about a call whose end was asked for and not yet told."""


@in_transaction
def ask_to_hang_up(*, call: Call, reason: str) -> None:
    """End a call that the carrier was asked for. Its number is free only once the carrier says that it ended.

    Where the carrier's id is not known yet, whoever learns it hangs up: the worker that placed the call, the carrier's
    news, or the sweeper.
    """
    lock(call)
    if call.end_reason == EndReason.STAFF_CANCELED:
        store(call, end_reason=reason)
    note_why_ending(call=call, reason=reason)
    now = clock.now()
    store(call, hang_up_asked_at=call.hang_up_asked_at or now, lease_expires_at=now + COMPARED_AFTER)
    end_at_carrier_soon(call)
    nudge_pages(call)


def is_only_cancelled(call: Call) -> bool:
    """Staff wanted it not to be answered. Nobody who answers all the same is hung up on."""
    return call.hang_up_asked_at is not None and call.end_reason == EndReason.STAFF_CANCELED and not call.is_terminal


def go_on_if_only_cancelled(call: Call) -> None:
    """Somebody has answered before the carrier could take the call back. For a call that the caller holds."""
    if is_only_cancelled(call):
        store(call, hang_up_asked_at=None, end_reason="")
        record_event(call, "cancelled_too_late", source="carrier")


def end_at_carrier(call: Call) -> None:
    """Now, and as staff meant it; where it has ended already, nothing happens."""
    end = telephony().cancel_call if is_only_cancelled(call) else telephony().end_call
    end(str(call.carrier_sid))


def end_at_carrier_soon(call: Call) -> None:
    """By a worker; without Redis the carrier is told from here. What fails even so is left to the sweeper."""
    from calls.jobs import end_at_carrier

    if call.carrier_sid:
        dispatch_or_run("dialing", end_at_carrier, str(call.pk), at_front=True, retry=SOON_AGAIN)

"""Moving a call from one status to the next."""

from typing import Any

from django.db import transaction

from callcenter import clock
from callcenter.live import nudge
from calls.leases import lease_until
from calls.models import TERMINAL, Call, CallEvent
from calls.status import may_move

in_transaction = transaction.atomic(savepoint=False)
"""For services that call each other: one transaction, without a savepoint for each of them."""


@in_transaction
def move(call: Call, to_status: str, *, source: str, reason: str = "", **fields: Any) -> bool:
    """Move the call if its present status allows that, write the event, nudge the pages; False: stale news.

    `fields` are set together with the status. The given object is brought up to date either way.
    """
    lock(call)
    return move_held(call, to_status, source=source, reason=reason, **fields)


def move_held(call: Call, to_status: str, *, source: str, reason: str = "", **fields: Any) -> bool:
    """As `move`, for a call that the caller holds already by `lock`."""
    if not may_move(call.status, to_status):
        return False
    from_status = call.status
    if to_status not in TERMINAL:
        fields.setdefault("lease_expires_at", _lease(call, to_status))
    store(call, status=to_status, **fields)
    record_event(call, "moved", source=source, reason=reason, from_status=from_status, to_status=to_status)
    nudge_pages(call)
    return True


def lock(call: Call) -> None:
    """Hold the row until the transaction ends, and read it anew, with its campaign and the campaign's rules.

    Not the strongest lock: other requests may go on to add rows that refer to the call.
    """
    held = Call.objects.select_for_update(no_key=True, of=("self",))
    call.refresh_from_db(from_queryset=held.select_related("campaign__rules"))


def store(call: Call, **fields: Any) -> None:
    """Set these fields, and no others, on the row and on the object."""
    for name, value in fields.items():
        setattr(call, name, value)
    call.save(update_fields=list(fields))


def record_event(call: Call, kind: str, *, source: str, reason: str = "", **fields: Any) -> CallEvent:
    """`fields` are those of CallEvent; its `data` holds ids and codes only."""
    return CallEvent.objects.create(call=call, kind=kind, source=source, reason=reason[:300], **fields)


def nudge_pages(call: Call) -> None:
    nudge(f"calls/{call.pk}", f"campaigns/{call.campaign_id}", "calls", "home")


def _lease(call: Call, to_status: str) -> Any:
    ringing = call.campaign.ring_timeout_seconds
    return lease_until(status=to_status, now=clock.now(), ring_timeout_seconds=ringing)

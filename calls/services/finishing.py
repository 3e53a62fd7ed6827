"""The end of a call: its result, where it leaves the contact, and what follows."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from callcenter import clock
from calls.end_reasons import EndReason
from calls.leases import longest_life
from calls.models import Call, CallStatus
from calls.outcome import NO_RESULT, disposition_at_end, may_replace, outcome_of
from calls.services.moving import in_transaction, lock, move_held, nudge_pages, record_event, store
from calls.standing import Standing, not_before, standing_after
from campaigns.models import CampaignContact, ContactStatus, PassOverReason
from contacts.models import Contact


@in_transaction
def finish_call(
    *,
    call: Call,
    status: str,
    source: str,
    reason: str = "",
    ended_at: datetime | None = None,
    duration_seconds: int | None = None,
    error_code: str = "",
    may_retry: bool = True,
) -> bool:
    """Bring a call to a terminal status and settle all that hangs on it; False when it had ended before.

    A reason noted earlier (`note_why_ending`) stays. `may_retry=False`: this number will never be reached.
    """
    lock(call)
    ended_at = ended_at or clock.now()
    ending = _ending(call, status=status, reason=reason, ended_at=ended_at, duration_seconds=duration_seconds)
    if not move_held(call, status, source=source, reason=reason, error_code=error_code, **ending):
        return False
    settle_standing(call, may_retry=may_retry)
    _count_on_contact(call)
    return True


@in_transaction
def settle_disposition(*, call: Call, disposition: str, source: str) -> bool:
    """Store what the business got: the first real result stays, a wish not to be called always counts.

    May come while the call runs or after it has ended; then the contact's standing follows.
    """
    lock(call)
    if not may_replace(current=call.disposition, new=disposition):
        return False
    store(call, disposition=disposition)
    record_event(call, "disposition", source=source, data={"disposition": str(disposition)})
    if call.is_terminal:
        settle_standing(call)
        _show_result_on_contact(call)
    nudge_pages(call)
    return True


@in_transaction
def note_why_ending(*, call: Call, reason: str) -> None:
    """Say why this call is about to end; the first reason stays and is shown as the call's end reason."""
    lock(call)
    if not call.end_reason:
        store(call, end_reason=reason[:200])


def settle_standing(call: Call, *, may_retry: bool = True) -> None:
    """Write on the membership where this call, its latest, leaves the contact. Doing it again changes nothing."""
    membership = _membership_of(call)
    if membership is None:
        return
    outcome = outcome_of(status=call.status, disposition=call.disposition)
    membership.last_outcome, membership.disposition = outcome, call.disposition
    if membership.status != ContactStatus.BLOCKED:
        _apply(membership, _standing(call, membership, outcome, may_retry=may_retry))
    membership.save()


def _ending(
    call: Call, *, status: str, reason: str, ended_at: datetime, duration_seconds: int | None
) -> dict[str, Any]:
    answered_at = call.answered_at
    if answered_at is None and status == CallStatus.COMPLETED:
        answered_at = ended_at - timedelta(seconds=duration_seconds or 0)
    disposition = disposition_at_end(settled=call.disposition, status=status, answered_by=call.answered_by)
    return {
        "ended_at": ended_at,
        "duration_seconds": duration_seconds,
        "answered_at": answered_at,
        "disposition": disposition,
        "end_reason": call.end_reason or reason[:200],
    }


def _membership_of(call: Call) -> CampaignContact | None:
    """The membership, held until the transaction ends; None when it is gone or has a later call."""
    if call.membership_id is None:
        return None
    membership = CampaignContact.objects.select_for_update(no_key=True).filter(pk=call.membership_id).first()
    # Asked only now that nobody else can add a call: a tick may have been about to.
    is_superseded = Call.objects.filter(membership=call.membership_id, attempt_number__gt=call.attempt_number).exists()
    return None if is_superseded else membership


def _standing(call: Call, membership: CampaignContact, outcome: str, *, may_retry: bool) -> Standing:
    if not may_retry:
        return Standing(ContactStatus.FAILED)
    rules = call.campaign.rules
    if call.end_reason == EndReason.STAFF_CANCELED and call.disposition in NO_RESULT:
        return Standing(ContactStatus.DONE)
    standing = standing_after(
        outcome=outcome,
        callback_at=call.callback_at,
        attempts=membership.attempts,
        max_attempts=rules.max_attempts,
        delays=rules.retry_delays,
        ended_at=call.ended_at or clock.now(),
    )
    return not_before(standing, _may_live_until(call)) if call.end_reason == EndReason.UNKNOWN_TO_CARRIER else standing


def _may_live_until(call: Call) -> datetime:
    """A carrier that does not list a call may have taken it even so: until then the person may be on the line."""
    ring_timeout, longest = call.campaign.ring_timeout_seconds, call.campaign.max_call_seconds
    life = longest_life(ring_timeout_seconds=ring_timeout, max_call_seconds=longest)
    return (call.placed_at or call.queued_at) + life


def _apply(membership: CampaignContact, standing: Standing) -> None:
    membership.status = standing.status
    membership.is_callback = standing.is_callback
    membership.reason = PassOverReason.NOT_YET_DUE if standing.next_attempt_at else ""
    membership.reason_at = clock.now()
    membership.next_attempt_at = standing.next_attempt_at or membership.next_attempt_at


def _count_on_contact(call: Call) -> None:
    if call.placed_at is None or call.contact_id is None:
        return
    Contact.objects.filter(pk=call.contact_id).update(call_count=F("call_count") + 1, last_called_at=call.placed_at)
    _show_result_on_contact(call)


def _show_result_on_contact(call: Call) -> None:
    if call.disposition and call.contact_id:
        Contact.objects.filter(pk=call.contact_id).update(last_disposition=call.disposition)

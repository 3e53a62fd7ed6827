"""Calls that wait to be placed: made, handed to the workers, and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from callcenter import clock
from callcenter.live import nudge
from calls.dispatch import dispatch_each
from calls.facts import Candidate
from calls.leases import lease_until
from calls.models import Call, CallEvent, CallStatus
from calls.services.moving import in_transaction, move
from campaigns.models import CampaignContact, CampaignStatus, ContactStatus, PassOverReason, Script

SOURCE = "dialer"


@dataclass(frozen=True, slots=True)
class Choice:
    """A contact that passed the funnel and the instant at which it is called."""

    candidate: Candidate
    place_at: datetime


@in_transaction
def queue_calls(choices: Sequence[Choice], *, now: datetime, source: str = SOURCE) -> list[Call]:
    """Make the calls, count the attempts and hand them to the dialing workers after commit.

    A campaign that was paused since its contacts were chosen gets none.
    """
    scripts = newest_scripts()
    running = [choice for choice in choices if choice.candidate.membership.campaign_id in scripts]
    calls = Call.objects.bulk_create([_queued_call(choice, scripts, now) for choice in running])
    CallEvent.objects.bulk_create(
        CallEvent(call=call, kind="moved", to_status=CallStatus.QUEUED, source=source, at=now) for call in calls
    )
    CampaignContact.objects.filter(pk__in=[call.membership_id for call in calls]).update(
        status=ContactStatus.IN_CALL, attempts=F("attempts") + 1, reason="", reason_at=now
    )
    send_to_workers([call.pk for call in calls])
    if calls:
        nudge(*{f"campaigns/{call.campaign_id}" for call in calls}, "calls", "home")
    return calls


def send_to_workers(call_ids: Sequence[UUID]) -> None:
    from calls.jobs import place_call

    dispatch_each("dialing", place_call, [str(call_id) for call_id in call_ids])


@in_transaction
def hand_back(*, call: Call, reason: str, source: str, again_at: datetime | None = None) -> bool:
    """Undo an attempt that was never made: the call is canceled, the contact is pending again as if untouched."""
    fields = {"placed_at": None, "ended_at": clock.now(), "end_reason": reason[:200]}
    if not move(call, CallStatus.CANCELED, source=source, reason=reason, **fields):
        return False
    CampaignContact.objects.filter(pk__in=[call.membership_id], status=ContactStatus.IN_CALL).update(
        status=ContactStatus.PENDING,
        attempts=F("attempts") - 1,
        reason=reason if reason in PassOverReason.values else PassOverReason.NOT_YET_DUE,
        reason_at=clock.now(),
        next_attempt_at=again_at or F("next_attempt_at"),
    )
    return True


def enqueue_overdue(now: datetime, *, at_most: int = 500) -> int:
    """Hand over again what has waited past its lease: its job was lost, or every worker was busy."""
    overdue = Call.objects.filter(status=CallStatus.QUEUED, lease_expires_at__lte=now).order_by("place_at")
    call_ids = list(overdue.values_list("pk", flat=True)[:at_most])
    if call_ids:
        still_queued = Call.objects.filter(pk__in=call_ids, status=CallStatus.QUEUED)
        still_queued.update(lease_expires_at=_lease(now))
        send_to_workers(call_ids)
    return len(call_ids)


def newest_scripts() -> dict[UUID, int]:
    """By campaign: the version that a call made now will hear, whatever is written later."""
    newest = Script.objects.order_by("campaign", "-version").distinct("campaign")
    return dict(newest.filter(campaign__status=CampaignStatus.RUNNING).values_list("campaign", "pk"))


def _queued_call(choice: Choice, scripts: dict[UUID, int], now: datetime) -> Call:
    membership = choice.candidate.membership
    campaign = membership.campaign
    return Call(
        campaign=campaign,
        membership=membership,
        contact=membership.contact,
        script_id=scripts[campaign.pk],
        transport=campaign.transport,
        to_number=choice.candidate.facts.e164,
        from_number=campaign.caller_number,
        number_hash=choice.candidate.number_hash,
        attempt_number=choice.candidate.next_attempt_number,
        place_at=choice.place_at,
        lease_expires_at=_lease(choice.place_at),
        queued_at=now,
    )


def _lease(now: datetime) -> datetime:
    return lease_until(status=CallStatus.QUEUED, now=now, ring_timeout_seconds=0)

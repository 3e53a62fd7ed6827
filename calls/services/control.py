"""What staff do to calls: call now, cancel, move to another time, hang up. Who may is the views' business."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from callcenter import clock
from callcenter.live import nudge
from calls.capacity import has_room, hold_allocation, next_start
from calls.end_reasons import EndReason
from calls.facts import Candidate, candidates_of
from calls.funnel import Dial, decide
from calls.models import Call, CallStatus
from calls.refusals import CallRefused
from calls.services.finishing import finish_call
from calls.services.hanging_up import ask_to_hang_up
from calls.services.moving import lock
from calls.services.queueing import Choice, hand_back, queue_calls
from campaigns.models import Campaign, CampaignContact, CampaignStatus, ContactStatus, PassOverReason
from contacts.models import Contact

STAFF = "staff"
NOT_ANSWERED = (CallStatus.DIALING, CallStatus.RINGING)


@transaction.atomic
def call_now(
    *,
    campaign: Campaign,
    user: User | None,
    contact: Contact | None = None,
    membership: CampaignContact | None = None,
) -> Call:
    """Queue a call at once, due or not; every other rule holds, and its reason is the refusal's message."""
    hold_allocation()
    membership = _held_membership(campaign, contact or getattr(membership, "contact", None))
    if membership.status == ContactStatus.IN_CALL:
        raise CallRefused(_("This contact is in a call already."))
    now = clock.now()
    has_capacity = has_room(membership.campaign, now)
    [candidate] = candidates_of([membership], now=now, has_capacity=has_capacity)
    _demand_permission(candidate, now)
    CampaignContact.objects.filter(pk=membership.pk).update(next_attempt_at=now)
    if membership.campaign.script is None:
        raise CallRefused(_("Write a script first."))
    choice = Choice(candidate=candidate, place_at=next_start(membership.campaign, now))
    queued = queue_calls([choice], now=now, source=STAFF)
    if not queued:
        raise _refusal(PassOverReason.CAMPAIGN_NOT_RUNNING)
    call = queued[0]
    audit.record(action="call_now", subject=call, user=user)
    return call


@transaction.atomic
def cancel_call(*, call: Call, user: User | None) -> None:
    """Give up a call that nobody has answered yet; the contact is not tried again in this campaign.

    One that the carrier was asked for holds its number until the carrier says that it ended; if somebody answers
    before, that person is talked to.
    """
    lock(call)
    if call.status not in (CallStatus.QUEUED, *NOT_ANSWERED):
        raise CallRefused(_("Only a call that nobody has answered yet can be cancelled."))
    _end(call, reason=EndReason.STAFF_CANCELED)
    audit.record(action="call_canceled", subject=call, user=user)


@transaction.atomic
def reschedule_call(
    *, at: datetime, user: User | None, call: Call | None = None, membership: CampaignContact | None = None
) -> CampaignContact:
    """Call this contact at `at`: a call that still waits is taken back; a contact that was done with is reopened."""
    if at <= clock.now():
        raise CallRefused(_("Choose a time in the future."))
    if call is not None:
        lock(call)
        if call.status == CallStatus.QUEUED:
            hand_back(call=call, reason=EndReason.RESCHEDULED, source=STAFF, again_at=at)
        membership = call.membership
    if membership is None:
        raise CallRefused(_("The contact is no longer in the campaign."))
    held = CampaignContact.objects.select_for_update(no_key=True).get(pk=membership.pk)
    _demand_reschedulable(held)
    _make_pending(held, at)
    audit.record(action="call_rescheduled", subject=held, user=user, at=at.isoformat())
    nudge(f"campaigns/{held.campaign_id}", "calls", *([f"calls/{call.pk}"] if call else []))
    return held


@transaction.atomic
def hang_up_call(*, call: Call, user: User | None, reason: str = EndReason.STAFF_HUNG_UP) -> None:
    """End a call whatever it does; the carrier's news of the end then settles it. Without user: the system did it."""
    lock(call)
    if call.is_terminal:
        return
    _end(call, reason=reason)
    if user:
        audit.record(action="call_hung_up", subject=call, user=user, reason=reason)


def _held_membership(campaign: Campaign, contact: Contact | None) -> CampaignContact:
    if contact is None:
        raise CallRefused(_("The contact is no longer in the campaign."))
    CampaignContact.objects.get_or_create(campaign=campaign, contact=contact)
    held = CampaignContact.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("contact", "campaign__rules").get(campaign=campaign, contact=contact)


def _demand_permission(candidate: Candidate, now: datetime) -> None:
    """The funnel's word, except that staff need not wait for the next attempt."""
    verdict = decide(replace(candidate.facts, next_attempt_at=now), now)
    if verdict is not Dial.DIAL:
        raise _refusal(verdict)


def _refusal(reason: PassOverReason) -> CallRefused:
    return CallRefused(str(reason.label), reason.value)


def _demand_reschedulable(membership: CampaignContact) -> None:
    """A finished campaign would never keep the appointment."""
    if membership.campaign.status == CampaignStatus.FINISHED:
        raise _refusal(PassOverReason.CAMPAIGN_NOT_RUNNING)
    if membership.status == ContactStatus.IN_CALL:
        raise CallRefused(_("This contact is in a call; hang up first."))
    if membership.status == ContactStatus.BLOCKED:
        raise CallRefused(_("This contact may not be called."))
    if membership.attempts >= membership.campaign.rules.max_attempts:
        raise _refusal(PassOverReason.ATTEMPTS_EXHAUSTED)


def _make_pending(membership: CampaignContact, at: datetime) -> None:
    membership.status = ContactStatus.PENDING
    membership.next_attempt_at = at
    membership.reason, membership.reason_at = PassOverReason.NOT_YET_DUE, clock.now()
    membership.save(update_fields=["status", "next_attempt_at", "reason", "reason_at"])


def _end(call: Call, *, reason: str) -> None:
    if call.status == CallStatus.QUEUED:
        finish_call(call=call, status=CallStatus.CANCELED, source=STAFF, reason=reason)
    else:
        ask_to_hang_up(call=call, reason=reason)

"""Placing a queued call: wait for its moment, claim it, check every rule once more, ask the carrier.

A phone call cannot be taken back, so the row is claimed before the carrier is asked, and an unclear answer is never
followed by a second try: news from the carrier or the sweeper settles it.
"""

import random
import time
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

import structlog
from django.db import transaction

from callcenter import clock
from callcenter.practice import is_practice_network
from calls.addresses import webhook_url
from calls.capacity import has_room, hold_allocation, next_start
from calls.end_reasons import EndReason
from calls.evidence import evidence_of
from calls.facts import Candidate, candidates_of
from calls.funnel import Dial, decide
from calls.leases import lease_until
from calls.models import Call, CallStatus
from calls.providers import telephony
from calls.providers.base import OutcomeUnknown, PlacedCall, PlaceRequest, ProviderError
from calls.services.finishing import finish_call
from calls.services.hanging_up import end_at_carrier
from calls.services.moving import lock, move, record_event, store
from calls.services.queueing import hand_back
from campaigns.models import Campaign, CampaignContact, PassOverReason
from campaigns.pause_reasons import PauseReason
from campaigns.services import pause_campaign
from contacts.models import Basis
from contacts.services import is_dnc_list_readable

SOURCE = "dialer"
LONGEST_WAIT = timedelta(seconds=2.5)
"""A worker sleeps this long for its moment at most; the dialer plans starts two seconds ahead."""
LATEST_START = timedelta(milliseconds=250)
"""A call that is later than this gives its slot up for a new one, so that stalled workers never bunch starts."""
LONGEST_STALL = timedelta(seconds=3)
"""A worker that stood still for longer after its claim (its machine was stopped) holds a stale permission."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)
RECHECK_AFTER = timedelta(minutes=1)
MOST_SLOTS = 5
"""A worker that is too slow for so many slots leaves the call to its lease."""


class Claimed(Enum):
    YES = "yes"
    NO = "no"
    TOO_LATE = "too late"


log = structlog.get_logger(__name__)


def place_call(*, call_id: UUID) -> bool:
    """Place this call if it is still queued, due and allowed; True when the carrier was asked."""
    call = Call.objects.filter(pk=call_id, status=CallStatus.QUEUED).first()
    if call is None:
        return False
    for _ in range(MOST_SLOTS):
        if not _wait_for_slot(call):
            return False
        claimed = _claim(call)
        if claimed is Claimed.YES:
            _ask_carrier(call)
        if claimed is not Claimed.TOO_LATE:
            return claimed is Claimed.YES
    return False


def _wait_for_slot(call: Call) -> bool:
    """Sleep until the call's moment; False when that is too far off, and its lease will bring it back."""
    if clock.now() - call.place_at > LATEST_START and not _take_new_slot(call):
        return False
    delay = call.place_at - clock.now()
    if delay > LONGEST_WAIT:
        return False
    time.sleep(max(0.0, delay.total_seconds()))
    return True


@transaction.atomic
def _take_new_slot(call: Call) -> bool:
    hold_allocation()
    lock(call)
    if call.status != CallStatus.QUEUED:
        return False
    place_at = next_start(call.campaign, clock.now())
    lease = lease_until(status=CallStatus.QUEUED, now=place_at, ring_timeout_seconds=0)
    store(call, place_at=place_at, lease_expires_at=lease)
    return True


@transaction.atomic
def _claim(call: Call) -> Claimed:
    """Queued to dialing, under the rules of this very moment and with the evidence of it; else handed back."""
    lock(call)
    if call.status != CallStatus.QUEUED:
        return Claimed.NO
    candidate = _candidate_of(call)
    if candidate is None:
        finish_call(call=call, status=CallStatus.CANCELED, source=SOURCE, reason=PassOverReason.NO_VALID_NUMBER)
        return Claimed.NO
    now = clock.now()
    if now - call.place_at > LATEST_START:
        return Claimed.TOO_LATE
    if (refusal := _refusal(candidate, now)) is not None:
        hand_back(call=call, reason=refusal, source=SOURCE, again_at=_again_at(refusal, now))
        return Claimed.NO
    move(call, CallStatus.DIALING, source=SOURCE, placed_at=now, evidence=evidence_of(candidate, now))
    return Claimed.YES


def _candidate_of(call: Call) -> Candidate | None:
    """The facts at this moment, as before this attempt was counted; None when the contact or number is gone."""
    with_all = CampaignContact.objects.select_related("contact", "campaign__rules")
    membership = with_all.filter(pk__in=[call.membership_id]).first()
    if membership is None:
        return None
    membership.attempts -= 1
    now = clock.now()
    has_capacity = has_room(membership.campaign, now, beside=1)
    [candidate] = candidates_of([membership], now=now, has_capacity=has_capacity, apart_from=call.pk)
    return candidate if candidate.facts.e164 == call.to_number else None


def _refusal(candidate: Candidate, now: datetime) -> str | None:
    if not may_dial_here(candidate.membership.campaign):
        return EndReason.PRACTICE_ONLY
    if not is_dnc_list_readable():
        return EndReason.DNC_LIST_UNREADABLE
    verdict = decide(candidate.facts, now)
    return None if verdict is Dial.DIAL else verdict.value


def may_dial_here(campaign: Campaign) -> bool:
    """A practice campaign dials the practice network and nothing else."""
    return campaign.required_basis != Basis.PRACTICE or is_practice_network()


def _again_at(refusal: str, now: datetime) -> datetime | None:
    """The dialer asks again at once where the campaign stands in the way, and after a while where the contact does."""
    of_the_campaign = (PassOverReason.CAMPAIGN_NOT_RUNNING, PassOverReason.NO_CAPACITY, PassOverReason.BUDGET_REACHED)
    return None if refusal in of_the_campaign else now + RECHECK_AFTER


def _ask_carrier(call: Call) -> None:
    carrier, request = telephony(), _request(call)
    if clock.now() - (call.placed_at or call.place_at) > LONGEST_STALL:
        hand_back(call=call, reason=EndReason.ASKED_TOO_LATE, source=SOURCE)
        return
    try:
        placed = carrier.place_call(request)
    except OutcomeUnknown as unknown:
        record_event(call, "outcome_unknown", source=SOURCE, data={"code": unknown.code})
    except ProviderError as error:
        _settle_refusal(call, error)
    else:
        _remember(call, placed)


def _request(call: Call) -> PlaceRequest:
    campaign = call.campaign
    return PlaceRequest(
        to_number=call.to_number,
        from_number=call.from_number,
        voice_url=webhook_url(call.pk, "voice"),
        fallback_url=webhook_url(call.pk, "fallback"),
        status_url=webhook_url(call.pk, "status"),
        amd_url=webhook_url(call.pk, "amd"),
        ring_timeout_seconds=campaign.ring_timeout_seconds,
        max_call_seconds=campaign.max_call_seconds,
    )


def _remember(call: Call, placed: PlacedCall) -> None:
    """Store the carrier's id; its first webhook may have been faster. What was ended here meanwhile ends there too."""
    Call.objects.filter(pk=call.pk, carrier_sid=None).update(carrier_sid=placed.carrier_sid)
    call.refresh_from_db()
    if call.status in (CallStatus.CANCELED, CallStatus.FAILED) or call.hang_up_asked_at:
        end_at_carrier(call)


@transaction.atomic
def _settle_refusal(call: Call, error: ProviderError) -> None:
    """The carrier made no call. A number it cannot call is done with; for all else the attempt is given back."""
    lock(call)
    log.warning("carrier_refused", call=str(call.pk), campaign=str(call.campaign_id), code=error.code)
    record_event(call, "carrier_refused", source="carrier", data={"code": error.code})
    if error.stops_campaign:
        pause_campaign(campaign=call.campaign, reason=PauseReason.CARRIER_REFUSED, details={"code": error.code})
    if call.is_terminal:
        return
    if error.permanent and not error.stops_campaign:
        _give_up_number(call, error)
        return
    store(call, error_code=error.code)
    if call.hang_up_asked_at:
        store(call, placed_at=None)
        finish_call(call=call, status=CallStatus.CANCELED, source="carrier", reason=EndReason.CARRIER_REFUSED)
        return
    again_at = clock.now() + _pause_before(call)
    hand_back(call=call, reason=EndReason.CARRIER_BUSY, source="carrier", again_at=again_at)


def _give_up_number(call: Call, error: ProviderError) -> None:
    store(call, placed_at=None)
    finish_call(
        call=call,
        status=CallStatus.FAILED,
        source="carrier",
        reason=EndReason.CARRIER_REFUSED,
        error_code=error.code,
        may_retry=False,
    )


def _pause_before(call: Call) -> timedelta:
    """Doubles with every attempt that was given back, and varies by a quarter so that calls do not return together."""
    given_back = Call.objects.filter(membership=call.membership_id, status=CallStatus.CANCELED).count()
    pause = min(FIRST_PAUSE * 2 ** min(given_back, 10), LONGEST_PAUSE)
    return pause * random.uniform(0.75, 1.25)

"""Calls without news: ask the carrier and settle them. Nothing is dialled again because it is unclear."""

from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction
from rq.timeouts import JobTimeoutException

from callcenter import clock
from calls.end_reasons import EndReason
from calls.leases import lease_until, longest_life
from calls.models import IN_FLIGHT, TERMINAL, Call, CallStatus
from calls.providers import telephony
from calls.providers.base import CarrierCall, ProviderError
from calls.services.finishing import finish_call, note_why_ending
from calls.services.hanging_up import end_at_carrier
from calls.services.moving import lock, store
from calls.services.progress import StatusNews, record_status

SOURCE = "sweeper"
CLOCK_MARGIN = timedelta(seconds=5)
"""How far the carrier's clock may stand behind ours."""
ASK_AGAIN_AFTER = timedelta(seconds=30)
LISTED_AFTER = timedelta(seconds=30)
"""How long a call that the carrier took may be missing from its lists."""
LONGEST_SWEEP = timedelta(seconds=50)
"""The next sweep is due a minute after this one, and goes on with the rest."""

log = structlog.get_logger(__name__)


def sweep(*, at_most: int = 500, time_limit: timedelta = LONGEST_SWEEP) -> int:
    """Look at every placed call whose lease is over, the longest overdue first; returns how many were looked at."""
    began = now = clock.now()
    overdue = Call.objects.lease_expired(now).exclude(status=CallStatus.QUEUED).order_by("lease_expires_at")
    looked_at = 0
    for call in overdue[:at_most]:
        _settle(call, now)
        looked_at, now = looked_at + 1, clock.now()
        if now - began >= time_limit:
            break
    return looked_at


def hang_up_strays() -> int:
    """End at the carrier what has ended here; returns how many calls those were."""
    try:
        live = {call.carrier_sid for call in telephony().live_calls()}
    except ProviderError as error:
        log.warning("carrier_not_asked", code=error.code)
        return 0
    ended_here = Call.objects.filter(carrier_sid__in=live, status__in=TERMINAL)
    strays = list(ended_here.filter(ended_at__lte=clock.now() - CLOCK_MARGIN).values_list("carrier_sid", flat=True))
    return sum(_end(str(carrier_sid)) for carrier_sid in strays)


def _end(carrier_sid: str) -> bool:
    """One that cannot be ended now is a stray again in a minute, and keeps none of the others."""
    try:
        telephony().end_call(carrier_sid)
    except ProviderError as error:
        log.warning("stray_not_ended", carrier_sid=carrier_sid, code=error.code)
        return False
    return True


def _settle(call: Call, now: datetime) -> None:
    try:
        _compare(call, now)
    except ProviderError as error:
        log.warning("carrier_not_asked", call=str(call.pk), code=error.code)
        _extend_lease(call, now + ASK_AGAIN_AFTER)
    except JobTimeoutException:
        raise
    except Exception as error:  # noqa: BLE001  (what is odd about one call must keep no other from being settled)
        log.error("call_not_settled", call=str(call.pk), error=type(error).__name__)
        _extend_lease(call, now + ASK_AGAIN_AFTER)


def _compare(call: Call, now: datetime) -> None:
    at_carrier = _ask_about(call)
    if at_carrier is not None:
        _follow(call, at_carrier, now)
    elif now < (call.placed_at or call.queued_at) + LISTED_AFTER:
        _extend_lease(call, now + LISTED_AFTER)
    else:
        status = CallStatus.CANCELED if call.hang_up_asked_at else CallStatus.FAILED
        finish_call(call=call, status=status, source=SOURCE, reason=EndReason.UNKNOWN_TO_CARRIER)


def _ask_about(call: Call) -> CarrierCall | None:
    """The carrier's record of this call; found by number and time where its id never reached us."""
    if call.carrier_sid:
        return telephony().fetch_call(call.carrier_sid)
    since = (call.placed_at or call.queued_at) - CLOCK_MARGIN
    found = telephony().find_calls(call.to_number, since)
    known = Call.objects.filter(carrier_sid__in=[candidate.carrier_sid for candidate in found])
    taken = set(known.values_list("carrier_sid", flat=True))
    return next((candidate for candidate in found if candidate.carrier_sid not in taken), None)


def _follow(call: Call, at_carrier: CarrierCall, now: datetime) -> None:
    if not call.carrier_sid and not _learn(call, at_carrier.carrier_sid):
        return
    news = StatusNews(
        status=at_carrier.status,
        reason=EndReason.NO_NEWS if at_carrier.status == CallStatus.COMPLETED else _reason(at_carrier.status),
        answered_by=at_carrier.answered_by,
        duration_seconds=at_carrier.duration_seconds,
        ended_at=at_carrier.ended_at,
    )
    record_status(call=call, news=news, source=SOURCE)
    if at_carrier.status in IN_FLIGHT:
        _keep_alive_or_end(call, now)


def _reason(status: str) -> str:
    codes = {CallStatus.BUSY: EndReason.BUSY, CallStatus.NO_ANSWER: EndReason.NO_ANSWER}
    return codes.get(CallStatus(status), EndReason.CARRIER_FAILED if status == CallStatus.FAILED else "")


def _keep_alive_or_end(call: Call, now: datetime) -> None:
    campaign = call.campaign
    life = longest_life(ring_timeout_seconds=campaign.ring_timeout_seconds, max_call_seconds=campaign.max_call_seconds)
    is_too_old = now > (call.placed_at or call.queued_at) + life
    if is_too_old:
        note_why_ending(call=call, reason=EndReason.LONGEST_CALL)
    if is_too_old:
        telephony().end_call(str(call.carrier_sid))
    elif call.hang_up_asked_at:
        end_at_carrier(call)
    lease = lease_until(status=call.status, now=now, ring_timeout_seconds=campaign.ring_timeout_seconds)
    _extend_lease(call, lease)


@transaction.atomic
def _extend_lease(call: Call, until: datetime) -> None:
    lock(call)
    if not call.is_terminal:
        store(call, lease_expires_at=until)


def _learn(call: Call, carrier_sid: str) -> bool:
    try:
        with transaction.atomic():
            Call.objects.filter(pk=call.pk, carrier_sid=None).update(carrier_sid=carrier_sid)
    except IntegrityError:
        return False
    call.refresh_from_db()
    return call.carrier_sid == carrier_sid

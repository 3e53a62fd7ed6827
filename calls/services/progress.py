"""News of a call's progress, from the carrier's webhooks or from asking it. Any order, any repetition, any gap."""

from dataclasses import dataclass
from datetime import datetime

from callcenter import clock
from calls.amd import is_machine
from calls.dispatch import SOON_AGAIN, dispatch
from calls.models import TERMINAL, AnsweredBy, Call, CallStatus
from calls.outcome import disposition_at_end
from calls.services.finishing import finish_call, settle_standing
from calls.services.hanging_up import end_at_carrier_soon, go_on_if_only_cancelled
from calls.services.moving import in_transaction, lock, move, nudge_pages, record_event, store


@dataclass(frozen=True, slots=True)
class StatusNews:
    """`status` is one of our CallStatus values, or empty for news that changes nothing."""

    status: str
    reason: str = ""
    answered_by: str = ""
    duration_seconds: int | None = None
    ended_at: datetime | None = None


@in_transaction
def record_status(*, call: Call, news: StatusNews, source: str) -> bool:
    """Follow the carrier's news as far as it is news; False when it was known or stale."""
    if news.answered_by:
        record_answered_by(call=call, answered_by=news.answered_by, source=source)
    if news.status in TERMINAL:
        return finish_call(
            call=call,
            status=news.status,
            source=source,
            reason=news.reason,
            ended_at=news.ended_at,
            duration_seconds=news.duration_seconds,
        )
    answered_at = clock.now() if news.status == CallStatus.IN_PROGRESS else None
    is_news = bool(news.status) and move(call, news.status, source=source, answered_at=answered_at)
    if news.status == CallStatus.IN_PROGRESS:
        go_on_if_only_cancelled(call)
    was_given_up = call.status in (CallStatus.CANCELED, CallStatus.FAILED)
    if news.status and (was_given_up or (call.hang_up_asked_at and not call.is_terminal)):
        # Life where we had given the call up: it must not ring on. If the news is only late, nothing happens.
        end_at_carrier_soon(call)
    return is_news


@in_transaction
def record_answered_by(*, call: Call, answered_by: str, source: str) -> bool:
    """Store what picked up; a clear verdict replaces an uncertain one, never the other way round.

    On a live call a machine is answered with the voicemail message. A verdict that comes after the end still decides
    how the call is counted and when it is tried again.
    """
    lock(call)
    if call.answered_by not in ("", AnsweredBy.UNCERTAIN) or call.answered_by == answered_by:
        return False
    store(call, answered_by=answered_by)
    record_event(call, "answered_by", source=source, data={"answered_by": str(answered_by)})
    if call.is_terminal:
        _count_again(call)
    elif is_machine(answered_by):
        machine_answered(call)
    nudge_pages(call)
    return True


def machine_answered(call: Call) -> None:
    """Send a live call that a machine picked up to its webhook `voicemail`, which says what is said to machines.

    Reached only through the carrier, by a job: nothing waits for it.
    """
    from calls.jobs import redirect_to_voicemail

    dispatch("dialing", redirect_to_voicemail, str(call.pk), at_front=True, retry=SOON_AGAIN)


def _count_again(call: Call) -> None:
    disposition = disposition_at_end(settled=call.disposition, status=call.status, answered_by=call.answered_by)
    store(call, disposition=disposition)
    settle_standing(call)

"""What the carrier posts while and after a call: progress, what picked up, and the recording."""

from django.http import HttpResponse, QueryDict

from calls.amd import answered_by
from calls.end_reasons import EndReason
from calls.models import Call, CallStatus
from calls.services.progress import StatusNews, record_answered_by, record_status
from calls.services.recordings import announce_recording, note_recording_absent
from calls.webhooks.doors import carrier_webhook, nothing_more

SOURCE = "carrier"
LONGEST_DURATION_SECONDS = 7 * 24 * 3600

STATUSES: dict[str, CallStatus] = {
    "ringing": CallStatus.RINGING,
    "in-progress": CallStatus.IN_PROGRESS,
    "completed": CallStatus.COMPLETED,
    "busy": CallStatus.BUSY,
    "no-answer": CallStatus.NO_ANSWER,
    "failed": CallStatus.FAILED,
    "canceled": CallStatus.CANCELED,
}
"""`queued` and `initiated` tell nothing that we do not know."""

REASONS: dict[CallStatus, EndReason] = {
    CallStatus.COMPLETED: EndReason.PERSON_HUNG_UP,
    CallStatus.BUSY: EndReason.BUSY,
    CallStatus.NO_ANSWER: EndReason.NO_ANSWER,
    CallStatus.FAILED: EndReason.CARRIER_FAILED,
}
"""Used when nobody noted a better one: a completed call that we did not end was ended by the person."""


@carrier_webhook("status", key=lambda form: form.get("CallStatus", ""))
def status(call: Call, form: QueryDict) -> HttpResponse:
    record_status(call=call, news=read_news(form), source=SOURCE)
    return nothing_more()


@carrier_webhook("amd", key=lambda form: form.get("AnsweredBy", ""))
def amd(call: Call, form: QueryDict) -> HttpResponse:
    """A verdict also says that the call was answered, even where that news was lost."""
    record_status(call=call, news=StatusNews(CallStatus.IN_PROGRESS), source=SOURCE)
    record_answered_by(call=call, answered_by=answered_by(form.get("AnsweredBy", "")), source=SOURCE)
    return nothing_more()


@carrier_webhook("recording", key=lambda form: f"{form.get('RecordingSid', '')} {form.get('RecordingStatus', '')}")
def recording(call: Call, form: QueryDict) -> HttpResponse:
    sid, state = form.get("RecordingSid", ""), form.get("RecordingStatus", "")
    if state == "completed" and sid:
        announce_recording(call=call, carrier_sid=sid, duration_seconds=_seconds(form.get("RecordingDuration", "")))
    elif state in ("absent", "failed") and sid:
        note_recording_absent(call=call, carrier_sid=sid, failed=state == "failed")
    return nothing_more()


def read_news(form: QueryDict) -> StatusNews:
    status = STATUSES.get(form.get("CallStatus", ""))
    verdict = form.get("AnsweredBy", "")
    return StatusNews(
        status=status or "",
        reason=REASONS.get(status, "") if status else "",
        answered_by=answered_by(verdict) if verdict else "",
        duration_seconds=_seconds(form.get("CallDuration", "")),
    )


def _seconds(text: str) -> int | None:
    """Whole seconds, or None for anything that is no sensible number of them."""
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_number and int(text) <= LONGEST_DURATION_SECONDS else None

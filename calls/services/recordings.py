"""Recordings: announced by the carrier, fetched into our storage. The carrier's copy stays its own."""

from datetime import timedelta

import structlog
from django.core.files.base import ContentFile
from django.db import transaction

from callcenter import clock
from calls.dispatch import dispatch
from calls.models import Call, CallStatus, Recording, RecordingStatus
from calls.providers import telephony
from calls.providers.base import ProviderError
from calls.services.moving import in_transaction, nudge_pages, record_event
from campaigns.models import RecordingMode

ANNOUNCED_FOR = timedelta(minutes=1)
"""How long news or fetch may take before it is looked after."""
ABSENT_AFTER = timedelta(minutes=15)
ASKED_FOR = timedelta(days=2)

log = structlog.get_logger(__name__)


@in_transaction
def announce_recording(*, call: Call, carrier_sid: str, duration_seconds: int | None) -> Recording:
    """Note that a recording waits at the carrier and have it fetched; the first one of a call counts.

    The voice of somebody who was erased meanwhile is not fetched.
    """
    from calls.jobs import fetch_recording

    details = {"carrier_sid": carrier_sid, "duration_seconds": duration_seconds}
    recording, is_new = Recording.objects.get_or_create(call=call, defaults=details)
    if call.contact_id is None:
        erase_recording(recording)
    elif is_new:
        record_event(call, "recording_announced", source="carrier", data={"recording": carrier_sid})
    if recording.status == RecordingStatus.ANNOUNCED:
        dispatch("default", fetch_recording, str(call.pk))
    return recording


@in_transaction
def note_recording_absent(*, call: Call, carrier_sid: str, failed: bool) -> None:
    """The carrier has none: too short, silent, or it failed."""
    status = RecordingStatus.FAILED if failed else RecordingStatus.ABSENT
    Recording.objects.get_or_create(call=call, defaults={"carrier_sid": carrier_sid, "status": status})
    nudge_pages(call)


def store_recording(*, call: Call) -> bool:
    """Copy the announced recording here; False when there is nothing to do.

    Doing it again is harmless; a `ProviderError` of the fetch is the caller's.
    """
    recording = Recording.objects.filter(call=call, status=RecordingStatus.ANNOUNCED).first()
    if recording is None:
        return False
    sound = telephony().fetch_recording(recording.carrier_sid)
    recording.file.save(f"{call.pk}.wav", ContentFile(sound), save=False)
    recording.status, recording.stored_at = RecordingStatus.STORED, clock.now()
    with transaction.atomic():
        recording.save(update_fields=["file", "status", "stored_at"])
        record_event(call, "recording_stored", source="system", data={"recording": recording.carrier_sid})
        nudge_pages(call)
    return True


def note_fetch_failed(*, call: Call, error: ProviderError) -> None:
    """A fetch that can never succeed is written down as failed; any other is tried again later."""
    if error.permanent:
        Recording.objects.filter(call=call, status=RecordingStatus.ANNOUNCED).update(status=RecordingStatus.FAILED)
    record_event(call, "recording_fetch_failed", source="system", data={"code": error.code})


@in_transaction
def erase_recording(recording: Recording) -> None:
    """Here and at the carrier. The row stays, so that late news of the same recording fetches nothing."""
    from calls.jobs import delete_recording_at_carrier

    if recording.status == RecordingStatus.ABSENT:
        return
    if recording.file:
        recording.file.delete(save=False)
    recording.status = RecordingStatus.ABSENT
    recording.save(update_fields=["file", "status"])
    dispatch("default", delete_recording_at_carrier, recording.carrier_sid)


def fetch_missing(*, at_most: int = 100) -> None:
    """Fetch again what was announced and never stored, and ask for recordings whose announcement was lost."""
    now = clock.now()
    waiting = Recording.objects.filter(
        status=RecordingStatus.ANNOUNCED, announced_at__lte=now - ANNOUNCED_FOR, announced_at__gt=now - ASKED_FOR
    )
    for recording in waiting.select_related("call")[:at_most]:
        fetch(call=recording.call)
    recorded = Call.objects.exclude(campaign__recording=RecordingMode.OFF).filter(status=CallStatus.COMPLETED)
    unheard_of = recorded.filter(
        recording=None, carrier_sid__isnull=False, ended_at__lte=now - ANNOUNCED_FOR, ended_at__gt=now - ASKED_FOR
    )
    for call in unheard_of.order_by("ended_at")[:at_most]:
        _ask_for(call)


def fetch(*, call: Call) -> None:
    """Store the recording, or write down why not."""
    try:
        store_recording(call=call)
    except ProviderError as error:
        note_fetch_failed(call=call, error=error)


def _ask_for(call: Call) -> None:
    try:
        found = telephony().find_recordings(str(call.carrier_sid))
    except ProviderError as error:
        log.warning("recordings_not_listed", call=str(call.pk), code=error.code)
        return
    if found:
        announce_recording(call=call, carrier_sid=found[0].carrier_sid, duration_seconds=found[0].duration_seconds)
    elif call.ended_at and call.ended_at < clock.now() - ABSENT_AFTER:
        note_recording_absent(call=call, carrier_sid=f"none-{call.pk}", failed=False)

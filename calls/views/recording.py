from datetime import timedelta
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.models import AuditEntry, User
from accounts.requests import StaffRequest
from callcenter import clock
from calls.access import visible_call
from calls.byte_ranges import serve_file
from calls.models import Call, Recording, RecordingStatus

ONE_LISTENING = timedelta(hours=1)
"""A player asks for the same sound many times over; that is one listening."""


@require_safe
@permission_required("calls.listen_recording", raise_exception=True)
def recording(request: StaffRequest, call_id: UUID) -> HttpResponseBase:
    call = visible_call(request.user, call_id)
    sound: Recording | None = getattr(call, "recording", None)
    if sound is None or sound.status != RecordingStatus.STORED or not sound.file.storage.exists(str(sound.file.name)):
        raise Http404
    record_listening(call=call, user=request.user)
    response = serve_file(
        sound.file.open("rb"),
        content_type="audio/wav",
        etag=f'"{sound.pk}-{sound.file.size}"',
        range_header=request.headers.get("Range", ""),
        if_range=request.headers.get("If-Range", ""),
    )
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = f'inline; filename="{call.pk}.wav"'
    return response


def record_listening(*, call: Call, user: User) -> None:
    """Keep for the audit who opened this recording."""
    action = "recording_opened"
    of_this_call = AuditEntry.objects.filter(subject_type=call._meta.label_lower, subject_id=str(call.pk))
    if not of_this_call.filter(action=action, user=user, at__gt=clock.now() - ONE_LISTENING).exists():
        audit.record(action=action, subject=call, user=user)

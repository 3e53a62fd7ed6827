"""Records that only the pages' tests need."""

import io
import wave

from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile

from accounts.models import User
from callcenter import clock
from calls.models import Call, Recording, RecordingStatus
from tests.factories import make_user

SECONDS = 2


def make_recording(call: Call, *, status: str = RecordingStatus.STORED) -> Recording:
    recording = Recording(call=call, carrier_sid=f"RE{call.pk.hex}", status=status, stored_at=clock.now())
    if status == RecordingStatus.STORED:
        recording.file.save(f"{call.pk}.wav", ContentFile(silence()), save=False)
    recording.save()
    return recording


def silence() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * 8000 * SECONDS))
    return file.getvalue()


def without_numbers() -> User:
    """Someone of a custom role that sees calls and campaigns but not the contacts' numbers."""
    group = Group.objects.create(name="listener")
    codenames = ["view_call", "view_campaign", "view_every_campaign"]
    group.permissions.set(Permission.objects.filter(codename__in=codenames))
    user = make_user(role="analyst")
    user.groups.set([group])
    return user

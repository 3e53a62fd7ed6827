"""Listening to a recording: who may, that a player can move along it, and that it is kept account of."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import AuditEntry
from callcenter import clock
from calls.models import CallStatus, RecordingStatus
from tests.calls.pages.makers import make_recording, silence
from tests.factories import make_call


@pytest.fixture
def call(db):
    call = make_call(status=CallStatus.COMPLETED)
    make_recording(call)
    return call


def sound_of(client, call, **headers):
    response = client.get(f"/calls/{call.pk}/recording/", headers=headers)
    return response, b"".join(response.streaming_content) if response.streaming else response.content


def test_the_whole_recording_is_played(client, call, alice):
    client.force_login(alice)
    response, sound = sound_of(client, call)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "audio/wav"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert sound == silence()


def test_a_player_can_ask_for_a_stretch(client, call, alice):
    client.force_login(alice)
    response, sound = sound_of(client, call, Range="bytes=44-143")
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes 44-143/{len(silence())}"
    assert response.headers["Content-Length"] == "100"
    assert sound == silence()[44:144]


def test_beyond_the_end_there_is_nothing(client, call, alice):
    client.force_login(alice)
    response, _ = sound_of(client, call, Range="bytes=999999-")
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(silence())}"


def test_a_stretch_of_another_version_is_answered_with_the_whole(client, call, alice):
    client.force_login(alice)
    response, _ = sound_of(client, call, **{"Range": "bytes=0-9", "If-Range": '"of-yesterday"'})
    assert response.status_code == 200


def test_an_analyst_may_not_listen(client, call, anna):
    client.force_login(anna)
    assert sound_of(client, call)[0].status_code == 403


@pytest.mark.parametrize("status", [RecordingStatus.ANNOUNCED, RecordingStatus.ABSENT, RecordingStatus.FAILED])
def test_what_is_not_stored_is_not_found(client, alice, status):
    call = make_call(status=CallStatus.COMPLETED)
    make_recording(call, status=status)
    client.force_login(alice)
    assert sound_of(client, call)[0].status_code == 404


def test_a_recording_whose_file_is_gone_is_not_found(client, call, alice):
    call.recording.file.storage.delete(call.recording.file.name)
    client.force_login(alice)
    assert sound_of(client, call)[0].status_code == 404


def test_who_listened_is_kept_once_an_hour(client, call, alice):
    client.force_login(alice)
    for _ in range(3):
        sound_of(client, call, Range="bytes=0-9")
    entries = AuditEntry.objects.filter(action="recording_opened", subject_id=str(call.pk), user=alice)
    assert entries.count() == 1
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        sound_of(client, call)
    assert entries.count() == 2

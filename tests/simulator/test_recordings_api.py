"""Recordings by REST: https://www.twilio.com/docs/voice/api/recording."""

import io
import time
import wave
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import soundfile
from twilio.base.exceptions import TwilioRestException

from tests.simulator.calling import Caller
from tests.simulator.server import SPEED

TALK = '<Say language="es-ES">Le cuento con calma lo que hay que saber de su cita del martes.</Say>' * 40
SHARED = {
    "sid", "account_sid", "api_version", "call_sid", "conference_sid", "channels", "source", "status", "start_time",
    "duration", "price", "price_unit", "error_code", "encryption_details", "uri", "date_created", "date_updated",
}  # fmt: skip


@pytest.fixture
def live(caller: Caller) -> str:
    """A call in which somebody talks for minutes."""
    return start_call(caller)


def start_call(caller: Caller, document: str = TALK) -> str:
    sid = str(caller.call("silent", document).sid)
    caller.simulator.wait_until(lambda: caller.twilio.calls(sid).fetch().status == "in-progress")
    return sid


def record(caller: Caller, call_sid: str, **options: Any) -> Any:
    callback = {"recording_status_callback": f"{caller.application.base_url}/recorded"}
    return caller.twilio.calls(call_sid).recordings.create(**(callback | options))


def get(caller: Caller, path: str, **options: Any) -> requests.Response:
    base = f"{caller.simulator.base_url}/2010-04-01/Accounts/{caller.simulator.account_sid}"
    auth = (caller.simulator.account_sid, caller.simulator.auth_token)
    method = options.pop("method", "GET")
    return requests.request(method, f"{base}{path}", auth=auth, timeout=60, **options)


def finished(caller: Caller, call_sid: str, **options: Any) -> Any:
    """A recording of about twenty seconds, complete."""
    recording = record(caller, call_sid, **options)
    wait_natural(caller, call_sid, 20)
    caller.twilio.calls(call_sid).recordings(recording.sid).update(status="stopped")
    caller.application.wait_for_hit("/recorded")
    return caller.twilio.recordings(recording.sid).fetch()


def wait_natural(caller: Caller, call_sid: str, seconds: float) -> float:
    """Until so much of the call has passed by its own transcript; returns the instant of the newest line."""

    def newest() -> float:
        return max((line["at"] for line in caller.simulator.call(call_sid)["transcript"]), default=0.0)

    goal = newest() + seconds
    caller.simulator.wait_until(lambda: newest() >= goal)
    return newest()


def test_a_live_call_can_be_recorded_paused_resumed_and_stopped(caller: Caller, live: str):
    recording = record(caller, live, recording_channels="dual")
    assert (recording.status, recording.source, recording.channels) == ("in-progress", "StartCallRecordingAPI", 2)
    one = caller.twilio.calls(live).recordings("Twilio.CURRENT")
    assert one.update(status="paused", pause_behavior="skip").status == "paused"
    assert caller.twilio.calls(live).recordings(recording.sid).fetch().status == "paused"
    assert one.update(status="in-progress").status == "in-progress"
    assert one.update(status="stopped").sid == recording.sid
    assert caller.twilio.calls(live).fetch().status == "in-progress"


@pytest.mark.parametrize("behavior", ["skip", "silence"])
def test_a_pause_is_skipped_or_silent(caller: Caller, live: str, behavior: str):
    recording = record(caller, live)
    one = caller.twilio.calls(live).recordings(recording.sid)
    wait_natural(caller, live, 20)
    one.update(status="paused", pause_behavior=behavior)
    wait_natural(caller, live, 40)
    one.update(status="in-progress")
    wait_natural(caller, live, 20)
    one.update(status="stopped")
    seconds = int(caller.application.wait_for_hit("/recorded").form["RecordingDuration"])
    body = get(caller, f"/Recordings/{recording.sid}.wav").content
    with wave.open(io.BytesIO(body)) as file:
        assert abs(file.getnframes() / 8000 - seconds) <= 1
        quiet = longest_silence(file.readframes(file.getnframes()))
    assert (seconds >= 78, quiet >= 35) == ((behavior == "silence",) * 2)
    assert seconds >= 38


def longest_silence(samples: bytes) -> float:
    return max(len(part) for part in samples.translate(bytes([0] + [1] * 255)).split(b"\1")) / 16_000


def test_bodies_have_the_keys_of_the_reference(caller: Caller, live: str):
    recording = finished(caller, live)
    whole = get(caller, f"/Recordings/{recording.sid}.json").json()
    assert set(whole) == SHARED | {"media_url", "subresource_uris"}
    listed = get(caller, f"/Calls/{live}/Recordings.json").json()["recordings"][0]
    assert set(listed) == SHARED | {"track"}
    assert (whole["status"], whole["price_unit"], listed["track"]) == ("completed", "USD", "both")
    assert whole["media_url"].endswith(f"/Recordings/{recording.sid}")
    assert 18 <= int(whole["duration"]) < 60
    assert isinstance(whole["channels"], int)


def test_the_price_comes_later_and_counts_started_minutes(caller: Caller, live: str):
    recording = finished(caller, live)
    assert recording.price is None
    priced = caller.simulator.wait_until(lambda: caller.twilio.recordings(recording.sid).fetch().price)
    assert priced == "-0.00250"


def test_callbacks_tell_of_begin_and_end(caller: Caller, live: str):
    record(caller, live, recording_status_callback_event=["in-progress", "completed"])
    wait_natural(caller, live, 10)
    caller.twilio.calls(live).recordings("Twilio.CURRENT").update(status="stopped")
    begin, end = (caller.application.wait_for_hit("/recorded", count) for count in (1, 2))
    fields = {
        "AccountSid", "CallSid", "RecordingSid", "RecordingUrl", "RecordingStatus", "RecordingDuration",
        "RecordingChannels", "RecordingStartTime", "RecordingSource", "RecordingTrack",
    }  # fmt: skip
    assert set(begin.form) == set(end.form) == fields
    assert (begin.form["RecordingStatus"], end.form["RecordingStatus"]) == ("in-progress", "completed")
    assert begin.signed
    assert end.signed


def test_news_of_the_file_comes_two_to_ten_seconds_after_the_end(caller: Caller, live: str):
    record(caller, live)
    wait_natural(caller, live, 5)
    caller.twilio.calls(live).recordings("Twilio.CURRENT").update(status="stopped")
    stopped_at = time.monotonic()
    assert caller.twilio.calls(live).recordings.list()[0].status in ("stopped", "processing")
    caller.application.wait_for_hit("/recorded")
    assert time.monotonic() - stopped_at >= 2 / SPEED


@pytest.mark.parametrize(("trim", "is_shorter"), [("trim-silence", True), ("do-not-trim", False)])
def test_silence_at_both_ends_is_trimmed_or_kept(caller: Caller, trim: str, is_shorter: bool):
    start = f'<Start><Recording recordingStatusCallback="/recorded" trim="{trim}"/></Start>'
    pause = '<Pause length="20"/>'
    ended = caller.call_to_the_end("silent", f"{start}{pause}<Say>Is anybody there?</Say>{pause}")
    seconds = int(caller.application.wait_for_hit("/recorded").form["RecordingDuration"])
    assert ended["duration_seconds"] >= 40
    assert (seconds < 10) == is_shorter
    assert (seconds >= 38) != is_shorter


def test_record_true_trims_unless_told_otherwise(caller: Caller):
    callback = f"{caller.application.base_url}/recorded"
    document = '<Pause length="20"/><Say>Is anybody there?</Say>'
    caller.call_to_the_end("silent", document, record=True, recording_status_callback=callback)
    assert int(caller.application.wait_for_hit("/recorded").form["RecordingDuration"]) < 10


def test_a_recording_without_length_is_absent(caller: Caller):
    live = start_call(caller, '<Pause length="60"/>')
    record(caller, live, recording_status_callback_event=["completed", "absent"], trim="trim-silence")
    caller.twilio.calls(live).recordings("Twilio.CURRENT").update(status="stopped")
    form = caller.application.wait_for_hit("/recorded").form
    assert (form["RecordingStatus"], form["RecordingDuration"]) == ("absent", "0")
    assert form["ErrorCode"] in ("16101", "16102")
    assert get(caller, f"/Recordings/{form['RecordingSid']}.wav").status_code == 404


def test_a_silent_recording_is_absent_with_its_own_code(caller: Caller):
    ended = caller.call_to_the_end(
        "silent",
        '<Start><Recording recordingStatusCallback="/recorded" recordingStatusCallbackEvent="absent"/></Start>'
        '<Pause length="30"/>',
    )
    form = caller.application.wait_for_hit("/recorded").form
    assert (form["CallSid"], form["RecordingStatus"], form["ErrorCode"]) == (ended["sid"], "absent", "16102")
    assert caller.twilio.recordings(form["RecordingSid"]).fetch().error_code == 16102


def test_media_come_as_wav_and_mp3_in_one_channel_or_two(caller: Caller, live: str):
    recording = finished(caller, live, recording_channels="dual")
    shapes = {}
    for ending in (".wav", "", ".mp3", ".wav?RequestedChannels=1", ".mp3?RequestedChannels=1"):
        answer = get(caller, f"/Recordings/{recording.sid}{ending}")
        with soundfile.SoundFile(io.BytesIO(answer.content)) as file:
            shapes[ending] = (answer.headers["Content-Type"], file.format, file.channels)
            assert abs(len(file.read()) / file.samplerate - int(recording.duration)) <= 1
    assert shapes == {
        ".wav": ("audio/x-wav", "WAV", 2),
        "": ("audio/x-wav", "WAV", 2),
        ".mp3": ("audio/mpeg", "MP3", 2),
        ".wav?RequestedChannels=1": ("audio/x-wav", "WAV", 1),
        ".mp3?RequestedChannels=1": ("audio/mpeg", "MP3", 1),
    }


def test_one_channel_cannot_be_had_as_two(caller: Caller, live: str):
    recording = finished(caller, live)
    assert get(caller, f"/Recordings/{recording.sid}.wav?RequestedChannels=2").status_code == 400


def test_media_answer_head_and_range(caller: Caller, live: str):
    recording = finished(caller, live)
    path = f"/Recordings/{recording.sid}.wav"
    whole = get(caller, path).content
    assert int(get(caller, path, method="HEAD").headers["Content-Length"]) == len(whole)
    part = get(caller, path, headers={"Range": "bytes=44-143"})
    assert (part.status_code, part.content) == (206, whole[44:144])


def test_lists_are_filtered_and_paged(caller: Caller, live: str):
    sids = [record(caller, live).sid for _ in range(5)]
    listed = caller.twilio.calls(live).recordings.list(page_size=2)
    assert [entry.sid for entry in listed] == sids[::-1]
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    recordings = caller.twilio.recordings
    assert len(recordings.list(call_sid=live, page_size=3)) == 5
    assert recordings.list(call_sid=live, date_created_after=tomorrow) == []
    assert len(recordings.list(call_sid=live, date_created_before=tomorrow)) == 5
    assert len(caller.twilio.calls(live).recordings.list(date_created=datetime.now(UTC).date())) == 5
    assert recordings.list(conference_sid="CF" + "0" * 32) == []


def test_a_call_that_does_not_talk_cannot_be_recorded(caller: Caller):
    ended = caller.call_to_the_end("busy")
    with pytest.raises(TwilioRestException) as refused:
        caller.twilio.calls(ended["sid"]).recordings.create()
    assert (refused.value.status, refused.value.code) == (400, 21220)
    with pytest.raises(TwilioRestException) as unknown:
        caller.twilio.calls("CA" + "0" * 32).recordings.create()
    assert (unknown.value.status, unknown.value.code) == (404, 20404)


def test_what_does_not_run_cannot_be_changed(caller: Caller, live: str):
    recordings = caller.twilio.calls(live).recordings
    with pytest.raises(TwilioRestException) as none:
        recordings("Twilio.CURRENT").update(status="paused")
    assert none.value.code == 20404
    recording = record(caller, live)
    with pytest.raises(TwilioRestException) as wrong:
        recordings(recording.sid).update(status="resumed")
    assert wrong.value.code in (20001, 20422)
    recordings(recording.sid).update(status="stopped")
    with pytest.raises(TwilioRestException) as over:
        recordings(recording.sid).update(status="in-progress")
    assert over.value.code == 21220


def test_a_running_recording_is_not_deleted_a_finished_one_takes_its_files_along(caller: Caller, live: str):
    running = record(caller, live)
    with pytest.raises(TwilioRestException) as refused:
        caller.twilio.recordings(running.sid).delete()
    assert refused.value.code == 20009
    caller.twilio.calls(live).recordings(running.sid).update(status="stopped")
    recording = finished(caller, live)
    get(caller, f"/Recordings/{recording.sid}.mp3")
    assert caller.twilio.calls(live).recordings(recording.sid).delete()
    assert get(caller, f"/Recordings/{recording.sid}.mp3").status_code == 404
    assert get(caller, f"/Recordings/{recording.sid}.json").json()["code"] == 20404

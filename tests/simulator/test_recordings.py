import io
import wave

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from simulator.sound.audio import audioop
from tests.simulator.calling import Caller

START = '<Start><Recording channels="dual" recordingStatusCallback="/recorded"/></Start>'
SPOKEN = (
    '<Say language="es-ES">Hola, le llamo de la clínica para confirmar su cita del martes.</Say><Pause length="4"/>'
)


def download(caller: Caller, url: str) -> wave.Wave_read:
    auth = (caller.simulator.account_sid, caller.simulator.auth_token)
    response = requests.get(f"{url}.wav", auth=auth, timeout=60)
    response.raise_for_status()
    return wave.open(io.BytesIO(response.content))


def test_a_recording_is_announced_signed_and_as_long_as_the_call(caller: Caller):
    ended = caller.call_to_the_end("silent", f'{START}{SPOKEN}<Pause length="30"/>')
    hit = caller.application.wait_for_hit("/recorded")
    assert hit.signed
    assert (hit.form["RecordingStatus"], hit.form["RecordingChannels"]) == ("completed", "2")
    file = download(caller, hit.form["RecordingUrl"])
    assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
    seconds = file.getnframes() / 8000
    assert ended["duration_seconds"] / 2 < seconds <= ended["duration_seconds"] + 1
    assert abs(seconds - int(hit.form["RecordingDuration"])) <= 1


def test_both_voices_are_audible_each_on_its_side(caller: Caller):
    caller.call_to_the_end("cooperative", START + SPOKEN)
    file = download(caller, caller.application.wait_for_hit("/recorded").form["RecordingUrl"])
    samples = file.readframes(file.getnframes())
    person, assistant = audioop.tomono(samples, 2, 1, 0), audioop.tomono(samples, 2, 0, 1)
    assert audioop.max(person, 2) > 3000
    assert audioop.max(assistant, 2) > 3000
    assert audioop.rms(person, 2) != audioop.rms(assistant, 2)


def test_record_true_makes_one_channel_from_the_answer_on(caller: Caller):
    ended = caller.call_to_the_end(
        "silent", SPOKEN, record=True, recording_status_callback=f"{caller.application.base_url}/recorded"
    )
    form = caller.application.wait_for_hit("/recorded").form
    assert (form["RecordingChannels"], form["RecordingSource"]) == ("1", "OutboundAPI")
    assert download(caller, form["RecordingUrl"]).getnchannels() == 1
    assert ended["status"] == "completed"


def test_recordings_are_listed_fetched_and_deleted_by_rest(caller: Caller):
    sid = caller.call_to_the_end("silent", START + SPOKEN)["sid"]
    caller.application.wait_for_hit("/recorded")
    (recording,) = caller.twilio.recordings.list(call_sid=sid)
    assert caller.twilio.recordings(recording.sid).fetch().status == "completed"
    assert [found.sid for found in caller.twilio.calls(sid).recordings.list()] == [recording.sid]
    assert caller.twilio.recordings(recording.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        caller.twilio.recordings(recording.sid).fetch()
    assert gone.value.code == 20404


def test_media_needs_the_accounts_credentials(caller: Caller):
    caller.call_to_the_end("silent", START + SPOKEN)
    url = caller.application.wait_for_hit("/recorded").form["RecordingUrl"]
    assert requests.get(f"{url}.wav", timeout=60).status_code == 401


def test_a_message_left_after_record_is_offered_to_the_action(caller: Caller):
    caller.application.documents["/message"] = "<Response/>"
    ask = '<Pause length="4"/><Say language="es-ES">¿Qué mensaje quiere dejar?</Say>'
    caller.call_to_the_end("cooperative", f'{ask}<Record action="/message" timeout="9" maxLength="20"/>')
    form = caller.application.hits_at("/message")[0].form
    assert form["RecordingSid"].startswith("RE")
    assert int(form["RecordingDuration"]) > 0


def test_record_true_is_ignored_once_the_call_enters_a_conversation(caller: Caller):
    caller.application.documents["/relay-ended"] = "<Response/>"
    ended = caller.call_to_the_end("hang-up", caller.relay(), record=True, time_limit=20)
    assert caller.twilio.calls(ended["sid"]).recordings.list() == []
    assert "Record=true" in ended["complaints"][0]

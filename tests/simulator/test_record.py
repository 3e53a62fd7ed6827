"""<Record>: messages that people leave."""

import asyncio
from typing import Any

import pytest

from simulator.handset.record import RecordSession
from simulator.handset.tape import Sound
from simulator.sound.speech import Voice
from tests.simulator.calling import Caller
from tests.simulator.handsets import answered_call, document_of
from tests.simulator.test_webhooks import VOICE_FIELDS

ASK = '<Pause length="4"/><Say language="es-ES">¿Qué mensaje quiere dejar?</Say>'
TOLD = {"RecordingUrl", "RecordingSid", "RecordingDuration"}


def test_a_message_is_offered_to_the_action_at_once_and_its_file_later(caller: Caller):
    caller.application.documents["/message"] = "<Response><Say>Gracias</Say></Response>"
    record = '<Record action="/message" timeout="9" maxLength="30" recordingStatusCallback="/recorded"/>'
    ended = caller.call_to_the_end("cooperative", ASK + record)
    form = caller.application.hits_at("/message")[0].form
    assert set(form) - {"Digits"} == VOICE_FIELDS | TOLD
    assert ended["complaints"] == []
    recorded = caller.application.wait_for_hit("/recorded").form
    assert (recorded["RecordingSid"], recorded["RecordingSource"]) == (form["RecordingSid"], "RecordVerb")
    assert recorded["RecordingStatus"] == "completed"


def test_silence_leads_to_the_next_verb_and_an_absent_recording(caller: Caller):
    record = (
        '<Record action="/message" timeout="2" recordingStatusCallback="/recorded" '
        'recordingStatusCallbackEvent="absent"/><Say>Nobody spoke</Say>'
    )
    ended = caller.call_to_the_end("silent", record)
    assert caller.application.hits_at("/message") == []
    assert ended["transcript"][-1]["text"] == "Nobody spoke"
    assert caller.application.wait_for_hit("/recorded").form["RecordingStatus"] == "absent"


def test_who_hangs_up_after_the_message_is_told_to_the_action(caller: Caller):
    caller.application.documents["/message"] = "<Response/>"
    call = caller.call("cooperative", ASK + '<Record action="/message" timeout="60"/>')
    caller.simulator.wait_until(lambda: has_answered(caller.simulator.call(str(call.sid))))
    caller.twilio.calls(str(call.sid)).update(status="completed")
    form = caller.application.wait_for_hit("/message").form
    assert set(form) == VOICE_FIELDS | TOLD | {"Digits"}
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")


def has_answered(call: dict[str, Any]) -> bool:
    speakers = [line["speaker"] for line in call["transcript"]]
    return "person" in speakers[speakers.index("assistant") :] if "assistant" in speakers else False


async def record(attributes: str, *events: str) -> tuple[RecordSession, list[Sound], float]:
    """The person presses keys, or says a sentence; returns what was heard from the application and the length."""
    async with answered_call() as context:
        session = RecordSession(context, *document_of(f"<Record {attributes}/>"))
        recording = asyncio.create_task(session.run())
        while context.line.listener is None:
            await asyncio.sleep(0)
        for event in events:
            if len(event) > 1:
                await context.line.person_says(event, Voice("es"))
            else:
                context.line.press_key(event)
        await asyncio.wait_for(recording, 20)
        (entry,) = context.network.recordings.values()
        beeps = [sound for sound in context.line.tape.sounds if sound.speaker == "assistant"]
        return session, beeps, entry.seconds


@pytest.mark.parametrize(
    ("attributes", "events", "digits"),
    [
        ("", ["mi nombre es Ana", "5"], "5"),
        ('finishOnKey="*"', ["mi nombre es Ana", "5", "*"], "*"),
        ('finishOnKey=""', ["mi nombre es Ana", "*"], ""),
        ("", ["mi nombre es Ana"], ""),
    ],
)
async def test_keys_end_the_message_as_told(attributes: str, events: list[str], digits: str):
    session, _, _ = await record(attributes, *events)
    assert session.has_message
    assert session.fields().get("Digits", "") == digits
    assert set(session.fields()) - {"Digits"} == TOLD


async def test_a_beep_sounds_before_unless_it_is_switched_off():
    assert [len(sound.pcm) > 0 for sound in (await record("", "1"))[1]] == [True]
    assert (await record('playBeep="false"', "1"))[1] == []


async def test_the_longest_message_is_cut():
    _, _, seconds = await record('maxLength="4" timeout="60"', "una frase")
    assert 3.9 <= seconds < 12


async def test_nothing_said_is_no_message():
    session, _, _ = await record('timeout="1"')
    assert not session.has_message

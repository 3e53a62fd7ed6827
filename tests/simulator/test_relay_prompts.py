"""What the person says, as the application receives it."""

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.relay.recognition import unfinished, unformatted
from tests.simulator.relay_calling import SPEED, RelayCalls, on, saying
from tests.simulator.relay_server import Session

EVENTS = 'events="speaker-events"'
HELLO = saying("Buenos días, ¿me oye?")
SAID = "Verá usted, yo ya tengo una cita para el martes que viene por la tarde."


def test_a_prompt_has_exactly_the_fields_of_the_reference(relay: RelayCalls):
    prompt = relay.call("talker", answer=HELLO).wait_for("prompt")
    assert list(prompt.items()) == [("type", "prompt"), ("voicePrompt", SAID), ("lang", "es-ES"), ("last", True)]


def test_partial_prompts_grow_and_the_final_one_repeats_the_last(relay: RelayCalls):
    session = relay.call("talker", 'partialPrompts="true"', answer=HELLO)
    relay.caller.simulator.wait_until(lambda: any(frame["last"] for frame in session.of("prompt")))
    *partials, final = session.of("prompt")[: [frame["last"] for frame in session.of("prompt")].index(True) + 1]
    words = [frame["voicePrompt"] for frame in partials]
    assert len(words) >= 5
    assert all(later.startswith(earlier) for earlier, later in pairwise(words))
    assert words[-1] == final["voicePrompt"] == SAID


def test_partial_prompts_come_a_quarter_of_a_second_apart_and_the_final_one_after_the_pause(relay: RelayCalls):
    session = relay.call("talker", 'partialPrompts="true"', answer=HELLO)
    final = session.time_of(type="prompt", last=True)
    times = [
        moment
        for moment, frame in zip(session.times, list(session.frames), strict=False)
        if frame["type"] == "prompt" and not frame["last"] and moment < final
    ]
    assert 0.2 < SPEED * (times[-2] - times[0]) / (len(times) - 2) < 0.6
    assert 0.3 < SPEED * (final - times[-1]) < 1


def test_partial_prompts_are_sent_only_when_asked_for(relay: RelayCalls):
    session = relay.call("talker", answer=HELLO)
    session.wait_for("prompt")
    assert len(session.of("prompt")) == 1


def test_the_pause_before_the_prompt_is_the_one_asked_for(relay: RelayCalls):
    session = relay.call("talker", f'speechTimeout="3000" {EVENTS}', answer=HELLO)
    pause = session.time_of(type="prompt") - session.time_of(name="clientSpeaking", value="off")
    assert 2.8 < SPEED * pause < 4.5


def test_who_hangs_up_within_the_pause_is_heard_when_asked_for(relay: RelayCalls):
    def leave(frame: dict[str, Any], session: Session) -> None:
        if frame.get("name") == "clientSpeaking" and frame["value"] == "off":
            relay.hang_up()

    def answer(frame: dict[str, Any], session: Session) -> None:
        HELLO(frame, session)
        leave(frame, session)

    attributes = f'speechTimeout="5000" partialPromptOnHangup="true" {EVENTS}'
    session = relay.call("talker", attributes, answer=answer)
    assert session.wait_for("prompt")["voicePrompt"] == SAID
    relay.caller.simulator.wait_until(lambda: session.closed_at)
    assert session.ending == (1000, "Closing websocket session")


def test_without_smart_formatting_words_stand_alone(relay: RelayCalls):
    prompt = relay.call("talker", 'deepgramSmartFormat="false"', answer=HELLO).wait_for("prompt")
    assert prompt["voicePrompt"] == "verá usted yo ya tengo una cita para el martes que viene por la tarde"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [('transcriptionLanguage="en-US"', "en-US"), ('transcriptionLanguage="multi"', "es")],
)
def test_a_prompt_names_the_language_that_was_heard(relay: RelayCalls, attributes: str, expected: str):
    assert relay.call("talker", attributes, answer=HELLO).wait_for("prompt")["lang"] == expected


def test_a_language_frame_changes_what_is_heard(relay: RelayCalls):
    def switch(frame: dict[str, Any], session: Session) -> None:
        session.send(type="language", ttsLanguage="es-MX", transcriptionLanguage="es-MX")
        session.say("¿Bueno?")

    session = relay.call("talker", inside='<Language code="es-MX"/>', answer=on("setup", switch))
    assert session.wait_for("prompt")["lang"] == "es-MX"
    assert session.of("error") == []


def test_silence_ends_nothing(relay: RelayCalls):
    session = relay.call("quiet", EVENTS)
    began = session.time_of(type="setup")
    relay.caller.simulator.wait_until(lambda: time.monotonic() - began > 88 / SPEED)
    session.say("¿Sigue ahí?")
    session.time_of(name="agentSpeaking", value="off")
    assert session.ending == (None, None)


@given(st.text())
def test_an_unfinished_text_is_a_beginning_of_the_finished_one(words: str):
    assert words.startswith(unfinished(words))


@given(st.text(alphabet="abcñáÁB ,.;:¿?¡!1-"))
def test_words_without_format_keep_their_letters(words: str):
    letters = [letter for letter in words.lower() if letter.isalnum()]
    assert [letter for letter in unformatted(words) if letter.isalnum()] == letters
    assert unformatted(words) == unformatted(unformatted(words))

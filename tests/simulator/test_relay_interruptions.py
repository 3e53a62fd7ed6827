"""Speech and keys into the assistant's words: what they cut, and what the application learns of them."""

from typing import Any

import pytest

from simulator.people.words import read_words
from simulator.relay.barge_in import is_backchannel, lasts_long_enough
from tests.simulator.relay_calling import SENTENCE, RelayCalls, on, saying
from tests.simulator.relay_server import Session

EVENTS = 'events="speaker-events tokens-played"'
LONG = SENTENCE * 3


def kinds(session: Session) -> list[str]:
    return [
        frame.get("name", frame["type"]) + (f" {frame['value']}" if "Speaking" in str(frame) else "")
        for frame in list(session.frames)
    ]


def test_barge_in_tells_what_was_heard_and_empties_the_whole_queue(relay: RelayCalls):
    def speak(frame: dict[str, Any], session: Session) -> None:
        for number in range(12):
            session.say(f"{LONG} Número {number}.")

    session = relay.call("cutter", EVENTS, answer=on("setup", speak))
    frame = session.wait_for("interrupt")
    assert list(frame) == ["type", "utteranceUntilInterrupt", "durationUntilInterruptMs"]
    heard = frame["utteranceUntilInterrupt"]
    assert LONG.startswith(heard)
    assert len(heard.split()) > 2
    assert 1500 < frame["durationUntilInterruptMs"] < 6000
    session.wait_for("prompt")
    spoken = [line["text"] for line in relay.last_call()["transcript"] if line["speaker"] == "assistant"]
    assert spoken == [heard]


def test_an_interruption_is_told_in_the_order_that_was_captured(relay: RelayCalls):
    session = relay.call("cutter", EVENTS, answer=saying(LONG))
    session.wait_for("prompt")
    assert kinds(session) == [
        "setup",
        "agentSpeaking on",
        "clientSpeaking on",
        "tokensPlayed",
        "interrupt",
        "agentSpeaking off",
        "clientSpeaking off",
        "prompt",
    ]


def test_the_rest_of_an_interrupted_message_is_dropped_up_to_its_last_token(relay: RelayCalls):
    def answer(frame: dict[str, Any], session: Session) -> None:
        if frame["type"] == "setup":
            session.send(type="text", token=LONG, last=False)
        if frame["type"] == "interrupt":
            session.send(type="text", token="Esto ya no se oye. ", last=False)
            session.send(type="text", token="Ni esto.", last=True)
            session.say("Dígame.")

    session = relay.call("cutter", EVENTS, answer=answer)
    relay.caller.simulator.wait_until(lambda: "Dígame." in session.info("tokensPlayed"))
    assert not any("oye" in words or "Ni esto" in words for words in session.info("tokensPlayed"))


@pytest.mark.parametrize("attributes", ['interruptible="none"', 'interruptible="dtmf"'])
def test_speech_that_may_not_interrupt_is_not_told(relay: RelayCalls, attributes: str):
    session = relay.call("cutter", f"{attributes} {EVENTS}", answer=saying(SENTENCE))
    session.time_of(name="clientSpeaking", value="off")
    session.time_of(name="agentSpeaking", value="off")
    assert session.of("interrupt") == session.of("prompt") == []


def test_speech_that_may_not_interrupt_is_told_when_it_is_to_be_reported(relay: RelayCalls):
    attributes = 'interruptible="none" reportInputDuringAgentSpeech="speech"'
    session = relay.call("cutter", f"{attributes} {EVENTS}", answer=saying(LONG))
    assert session.wait_for("prompt")["voicePrompt"].startswith("Perdone")
    assert session.of("interrupt") == []
    assert session.info("agentSpeaking") == ["on"]


def test_a_message_may_be_less_or_more_interruptible_than_the_session(relay: RelayCalls):
    protected = relay.call("cutter", EVENTS, answer=saying(SENTENCE, interruptible=False))
    protected.time_of(name="agentSpeaking", value="off")
    assert protected.of("interrupt") == []
    open_to_all = relay.call("cutter", 'interruptible="none"', answer=saying(SENTENCE, interruptible=True))
    assert open_to_all.wait_for("interrupt")


def test_the_greeting_has_a_rule_of_its_own(relay: RelayCalls):
    attributes = f'welcomeGreeting="{SENTENCE}" {EVENTS}'
    protected = relay.call("cutter", f'{attributes} welcomeGreetingInterruptible="none"')
    protected.time_of(name="agentSpeaking", value="off")
    assert protected.of("interrupt") == []
    assert relay.call("cutter", f'{attributes} interruptible="none"').wait_for("interrupt")


def test_a_key_interrupts_even_the_greeting(relay: RelayCalls):
    session = relay.call("keys", f'welcomeGreeting="{LONG}" dtmfDetection="true"')
    assert session.wait_for("dtmf") == {"type": "dtmf", "digit": "5"}
    assert [frame["type"] for frame in session.frames] == ["setup", "interrupt", "dtmf"]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('dtmfDetection="true" interruptible="speech"', []),
        ('dtmfDetection="true" interruptible="speech" reportInputDuringAgentSpeech="dtmf"', ["dtmf"]),
        ('dtmfDetection="true" interruptible="dtmf"', ["interrupt", "dtmf"]),
        ('interruptible="any"', []),
    ],
)
def test_a_key_is_told_as_the_attributes_say(relay: RelayCalls, attributes: str, expected: list[str]):
    session = relay.call("keys", f"{attributes} {EVENTS}", answer=saying(SENTENCE))
    session.time_of(name="agentSpeaking", value="off")
    told = [frame["type"] for frame in session.frames if frame["type"] in ("interrupt", "dtmf")]
    assert told == expected


def test_a_sign_of_attention_interrupts_by_default(relay: RelayCalls):
    session = relay.call("nodder", answer=saying(LONG))
    assert session.wait_for("interrupt")
    assert session.wait_for("prompt")["voicePrompt"] == "Ajá"


@pytest.mark.parametrize("attributes", ['ignoreBackchannel="true"', 'interruptSensitivity="low"'])
def test_a_sign_of_attention_can_be_kept_from_interrupting(relay: RelayCalls, attributes: str):
    session = relay.call("nodder", f"{attributes} {EVENTS}", answer=saying(SENTENCE))
    session.time_of(name="agentSpeaking", value="off")
    assert session.info("clientSpeaking") == ["on", "off"]
    assert session.of("interrupt") == session.of("prompt") == []


def test_whoever_murmurs_while_listening_interrupts_likewise(relay: RelayCalls):
    session = relay.call("murmurer", answer=saying(LONG))
    assert session.wait_for("interrupt")
    assert is_backchannel(session.wait_for("prompt")["voicePrompt"])


def test_whoever_murmurs_while_listening_can_be_passed_over_likewise(relay: RelayCalls):
    session = relay.call("murmurer", f'ignoreBackchannel="true" {EVENTS}', answer=saying(LONG))
    session.time_of(name="clientSpeaking", value="off")
    session.time_of(name="agentSpeaking", value="off")
    assert session.of("interrupt") == session.of("prompt") == []


def test_a_key_is_told_while_nobody_speaks(relay: RelayCalls):
    session = relay.call("dialler", 'dtmfDetection="true" interruptible="none"', answer=saying("Marque su número."))
    session.wait_for("dtmf", 3)
    assert [frame["digit"] for frame in session.of("dtmf")] == ["1", "2", "#"]


def test_a_real_interruption_cuts_whatever_the_sensitivity(relay: RelayCalls):
    attributes = 'interruptSensitivity="low" ignoreBackchannel="true"'
    session = relay.call("cutter", attributes, answer=saying(LONG))
    assert session.wait_for("interrupt")["durationUntilInterruptMs"] > 2500
    assert session.wait_for("prompt")["voicePrompt"].startswith("Perdone")


@pytest.mark.parametrize("words", ["Ajá", "¡Sí, sí!", "Mhm…", "uh-huh", "Okay.", "Vale, vale"])
def test_signs_of_attention_are_known(words: str):
    assert is_backchannel(words)


@pytest.mark.parametrize("language", ["es-ES", "es-MX", "en-US"])
def test_whatever_the_networks_people_murmur_is_known(language: str):
    assert [words for words in read_words(language).replies["murmur"] if not is_backchannel(words)] == []


@pytest.mark.parametrize("words", ["", "No", "Sí, pero espere", "sí sí sí sí", "¿Quién es?"])
def test_what_says_something_is_no_sign_of_attention(words: str):
    assert not is_backchannel(words)


def test_the_lower_the_sensitivity_the_longer_somebody_must_speak():
    words = ["Eh", "Un momento", "Un momento, por favor"]
    enough = {kind: [lasts_long_enough(text, kind) for text in words] for kind in ("high", "medium", "low")}
    assert enough == {"high": [True] * 3, "medium": [False, True, True], "low": [False, False, True]}

"""What the person hears of what the application asks for, and what it is told of that."""

import io
import time
import wave
from typing import Any

import pytest

from tests.simulator.relay_calling import GREETING, SENTENCE, SPEED, RelayCalls, on, saying
from tests.simulator.relay_server import Session

EVENTS = 'events="speaker-events tokens-played"'


def natural(seconds: float) -> float:
    return seconds * SPEED


def test_a_message_is_told_clause_by_clause_between_the_events_of_its_speaker(relay: RelayCalls):
    session = relay.call("quiet", EVENTS, answer=saying("Buenos días, le ", "llamo de la clínica. ", "¿Es usted?"))
    session.wait_for("info", 5)
    assert session.of("info") == [
        {"type": "info", "name": "agentSpeaking", "value": "on"},
        {"type": "info", "name": "tokensPlayed", "value": "Buenos días,"},
        {"type": "info", "name": "tokensPlayed", "value": "le llamo de la clínica."},
        {"type": "info", "name": "tokensPlayed", "value": "¿Es usted?"},
        {"type": "info", "name": "agentSpeaking", "value": "off"},
    ]


def test_events_are_told_only_when_asked_for(relay: RelayCalls):
    session = relay.call("quiet", 'events="tokens-played"', answer=saying("Hola."))
    session.wait_for("info")
    assert session.info("agentSpeaking") == []


def test_the_older_debug_attribute_asks_for_the_same_events(relay: RelayCalls):
    session = relay.call("quiet", 'debug="debugging speaker-events"', answer=saying("Hola."))
    assert session.wait_for("info")["name"] == "agentSpeaking"


def test_speech_begins_a_third_of_a_second_after_the_first_token_and_lasts_as_long_as_it_takes(relay: RelayCalls):
    sent: list[float] = []

    def speak(frame: dict[str, Any], session: Session) -> None:
        sent.append(time.monotonic())
        session.say(SENTENCE)

    session = relay.call("quiet", EVENTS, answer=on("setup", speak))
    began = session.time_of(name="agentSpeaking", value="on")
    assert 0.2 < natural(began - sent[0]) < 1.2
    assert 5.5 < natural(session.time_of(name="agentSpeaking", value="off") - began) < 9


def test_the_greeting_is_heard_after_the_setup(relay: RelayCalls):
    session = relay.call("quiet", f'welcomeGreeting="{GREETING}" {EVENTS}')
    began = session.time_of(name="agentSpeaking", value="on")
    assert 0.5 < natural(began - session.time_of(type="setup")) < 1.6
    session.time_of(name="agentSpeaking", value="off")
    assert [line["text"] for line in relay.last_call()["transcript"] if line["speaker"] == "assistant"] == [GREETING]


def test_words_without_the_end_of_a_clause_are_spoken_when_no_more_come(relay: RelayCalls):
    def stall(frame: dict[str, Any], session: Session) -> None:
        session.send(type="text", token="Un momento por favor que lo mi", last=False)

    session = relay.call("quiet", EVENTS, answer=on("setup", stall))
    relay.caller.simulator.wait_until(lambda: session.info("tokensPlayed"))
    assert session.info("tokensPlayed") == ["Un momento por favor que lo"]
    session.send(type="text", token="ro. ", last=True)
    relay.caller.simulator.wait_until(lambda: len(session.info("tokensPlayed")) == 2)
    assert session.info("tokensPlayed")[1] == "miro."


def test_a_later_message_cuts_one_that_is_preemptible(relay: RelayCalls):
    def answer(frame: dict[str, Any], session: Session) -> None:
        if frame["type"] == "setup":
            session.say(SENTENCE * 2, preemptible=True)
        if len(session.info("tokensPlayed")) == 1:
            session.say("Ya está.")

    session = relay.call("quiet", EVENTS, answer=answer)
    session.time_of(name="agentSpeaking", value="off")
    heard = session.info("tokensPlayed")
    assert heard[0] == SENTENCE.strip()
    assert heard[-1] == "Ya está."
    assert all(len(words) < len(SENTENCE) - 10 and SENTENCE.startswith(words) for words in heard[1:-1])
    assert session.of("interrupt") == []


@pytest.mark.parametrize(("attribute", "flags"), [("", {}), ('preemptible="true"', {"preemptible": False})])
def test_a_message_that_is_not_preemptible_is_spoken_to_its_end(relay: RelayCalls, attribute: str, flags: dict):
    def speak(frame: dict[str, Any], session: Session) -> None:
        session.say("Esto se dice entero.", **flags)
        session.say("Y esto después.", preemptible=True)

    session = relay.call("quiet", f"{attribute} {EVENTS}", answer=on("setup", speak))
    session.time_of(name="agentSpeaking", value="off")
    assert session.info("tokensPlayed") == ["Esto se dice entero.", "Y esto después."]


def test_the_attribute_makes_every_message_preemptible(relay: RelayCalls):
    def speak(frame: dict[str, Any], session: Session) -> None:
        session.say(SENTENCE)
        session.say("Corto.")

    session = relay.call("quiet", f'preemptible="true" {EVENTS}', answer=on("setup", speak))
    session.time_of(name="agentSpeaking", value="off")
    assert session.info("tokensPlayed") == ["Corto."]


def test_digits_wait_behind_speech_and_are_heard_as_keys(relay: RelayCalls):
    def dial(frame: dict[str, Any], session: Session) -> None:
        session.say("Marco ahora.")
        session.send(type="sendDigits", digits="9w1#")

    session = relay.call("quiet", EVENTS, answer=on("setup", dial))
    session.time_of(name="agentSpeaking", value="off")
    assert session.info("tokensPlayed") == ["Marco ahora.", "9w1#"]
    heard = [line["text"] for line in relay.last_call()["transcript"] if line["speaker"] == "assistant"]
    assert heard == ["Marco ahora.", "[9]", "[1]", "[#]"]


def test_markup_is_spoken_as_it_stands(relay: RelayCalls):
    session = relay.call("quiet", EVENTS, answer=saying("**Hola** [a](b) <b>tú</b>."))
    session.time_of(name="agentSpeaking", value="off")
    assert relay.last_call()["transcript"][-1]["text"] == "**Hola** [a](b) <b>tú</b>."


def test_a_message_in_an_undeclared_language_is_spoken_and_complained_about(relay: RelayCalls):
    session = relay.call("quiet", EVENTS, answer=saying("Bonjour.", lang="fr-FR"))
    session.time_of(name="agentSpeaking", value="off")
    assert session.info("tokensPlayed") == ["Bonjour."]
    assert any("fr-FR" in complaint for complaint in relay.last_call()["complaints"])
    declared = relay.call("quiet", EVENTS, '<Language code="fr-FR"/>', answer=saying("Bonjour.", lang="fr-FR"))
    declared.time_of(name="agentSpeaking", value="off")
    assert relay.last_call()["complaints"] == []


def test_speech_still_queued_at_the_end_is_cut_and_complained_about(relay: RelayCalls):
    def speak_and_end(frame: dict[str, Any], session: Session) -> None:
        session.say(SENTENCE)
        session.send(type="end")

    session = relay.call("quiet", EVENTS, answer=on("setup", speak_and_end))
    relay.ended()
    assert session.info("tokensPlayed") == []
    assert any("not yet spoken" in complaint for complaint in relay.last_call()["complaints"])


def test_a_clip_is_played_as_often_as_asked(relay: RelayCalls):
    application = relay.caller.application
    application.documents["/beep.wav"] = wav(seconds=0.5)
    application.headers["/beep.wav"] = {"Content-Type": "audio/wav"}

    def play(frame: dict[str, Any], session: Session) -> None:
        session.send(type="play", source=f"{application.base_url}/beep.wav", loop=4)

    session = relay.call("quiet", EVENTS, answer=on("setup", play))
    off = session.time_of(name="agentSpeaking", value="off")
    assert 1.5 < natural(off - session.time_of(name="agentSpeaking", value="on")) < 4


def wav(*, seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(b"\x10\x00" * int(8000 * seconds))
    return file.getvalue()

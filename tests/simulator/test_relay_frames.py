"""Frames that make no sense, and those that do, field by field."""

import json
from typing import Any

import pytest

from tests.simulator.relay_calling import RelayCalls, on
from tests.simulator.relay_server import Session

NOT_JSON = ["{not json", "", "[1, 2]", '"text"', "null"]
INVALID: list[dict[str, Any]] = [
    {},
    {"type": "shout"},
    {"type": ["text"]},
    {"type": "text"},
    {"type": "text", "token": 7},
    {"type": "text", "token": "a", "last": "yes"},
    {"type": "text", "token": "a", "interruptible": "perhaps"},
    {"type": "text", "token": "a", "preemptible": 1},
    {"type": "play"},
    {"type": "play", "source": "clip.mp3"},
    {"type": "play", "source": "https://a.example/a.mp3", "loop": -1},
    {"type": "play", "source": "https://a.example/a.mp3", "loop": True},
    {"type": "sendDigits", "digits": 12},
    {"type": "sendDigits", "digits": "call me"},
    {"type": "language"},
    {"type": "language", "ttsLanguage": "fr-FR"},
    {"type": "language", "transcriptionLanguage": 7},
    {"type": "end", "handoffData": {"reason": "human"}},
    {"type": "config", "interruptSensitivity": "extreme"},
]


def sent(session: Session, *texts: str) -> None:
    for text in texts:
        session.connection.send(text)


def still_lives(session: Session) -> bool:
    session.send(type="text", token="Sigo.", last=True)
    return session.time_of(name="agentSpeaking", value="off") > 0


@pytest.mark.parametrize("text", [*NOT_JSON, *map(json.dumps, INVALID)])
def test_a_frame_that_makes_no_sense_comes_back_in_an_error_frame(shared_session: Session, text: str):
    before = len(shared_session.of("error"))
    sent(shared_session, text)
    error = shared_session.wait_for("error", before + 1)
    assert error == {"type": "error", "description": f"Invalid message received, code: 64107, {text}"}


@pytest.fixture
def shared_session(relay: RelayCalls) -> Session:
    return relay.call("quiet", 'events="speaker-events"')


def test_ten_in_a_row_that_are_no_json_close_the_socket(relay: RelayCalls):
    relay.caller.application.documents["/relay-ended"] = "<Response/>"
    session = relay.call("quiet", answer=on("setup", lambda frame, session: sent(session, *["{not json"] * 10)))
    form = relay.ended().form
    assert session.ending == (1007, "Too many consecutive malformed messages.")
    assert len(session.of("error")) == 10
    assert (form["SessionStatus"], form["ErrorCode"], form["ErrorMessage"]) == ("failed", "64105", "Websocket ended")


def test_nine_in_a_row_end_nothing(shared_session: Session):
    for _ in range(3):
        sent(shared_session, *["{not json"] * 9, '{"type": "shout"}')
    shared_session.wait_for("error", 30)
    assert still_lives(shared_session)


def test_frames_that_are_json_never_close_the_socket(shared_session: Session):
    sent(shared_session, *['{"type": "shout"}'] * 25)
    shared_session.wait_for("error", 25)
    assert still_lives(shared_session)


def test_frames_of_bytes_are_malformed(relay: RelayCalls):
    session = relay.call("quiet")
    session.connection.send(b"\x00\x01")
    assert "64107" in session.wait_for("error")["description"]


def test_a_config_frame_changes_the_session_and_is_confirmed(relay: RelayCalls):
    attributes = 'interruptible="none" events="config-updated"'

    def configure(frame: dict[str, Any], session: Session) -> None:
        session.send(type="config", interruptible="any", dtmfDetection=True)
        session.say("Pulse una tecla cuando quiera, por favor, que espero lo que haga falta.")

    session = relay.call("keys", attributes, answer=on("setup", configure))
    assert session.wait_for("info") == {"type": "info", "name": "configUpdated", "value": "dtmfDetection interruptible"}
    assert session.wait_for("interrupt")
    assert session.wait_for("dtmf")["digit"] == "5"


def test_hints_are_accepted(shared_session: Session):
    shared_session.send(type="hints", hints="Clínica, martes")
    assert still_lives(shared_session)
    assert shared_session.of("error") == []

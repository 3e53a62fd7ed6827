"""What can be made to go wrong with a session."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.relay.recognition import mishear
from tests.simulator.application import Application
from tests.simulator.calling import Caller, make_client
from tests.simulator.relay_calling import PEOPLE, SPEED, RelayCalls, saying
from tests.simulator.relay_server import relay_server
from tests.simulator.server import running_simulator

HELLO = saying("Buenos días, ¿me oye?")
SAID = "Verá usted, yo ya tengo una cita para el martes que viene por la tarde."
EVENTS = 'events="speaker-events"'


def set_faults(relay: RelayCalls, **faults: Any) -> None:
    relay.caller.application.documents["/relay-ended"] = "<Response><Hangup/></Response>"
    relay.caller.simulator.set_faults(**faults)


def test_the_connection_is_cut_once_after_so_many_prompts(relay: RelayCalls):
    set_faults(relay, drop_relay_after_prompts=1)
    session = relay.call("talker", answer=HELLO)
    form = relay.ended().form
    assert (form["SessionStatus"], form["ErrorCode"], form["ErrorMessage"]) == ("failed", "64105", "Websocket ended")
    relay.caller.simulator.wait_until(lambda: session.closed_at)
    assert session.ending[0] == 1006
    assert len(session.of("prompt")) == 1


def test_a_handshake_can_be_kept_from_happening(relay: RelayCalls):
    set_faults(relay, relay_unreachable=True)
    form = relay.fail()
    assert (form["SessionStatus"], form["ErrorCode"]) == ("failed", "64102")
    assert relay.server.sessions == []


@pytest.mark.parametrize("code", [64106, 64108, 64109, 64114])
def test_a_session_can_be_ended_with_any_code(relay: RelayCalls, code: int):
    set_faults(relay, relay_error_code=code, relay_error_after_prompts=1)
    session = relay.call("talker", answer=HELLO)
    form = relay.ended().form
    assert (form["SessionStatus"], form["ErrorCode"], form["CallStatus"]) == ("failed", str(code), "in-progress")
    assert len(session.of("prompt")) == 1


def test_a_recogniser_that_does_not_answer_ends_the_session(relay: RelayCalls):
    set_faults(relay, relay_deaf=True)
    session = relay.call("talker", answer=HELLO)
    assert relay.ended().form["ErrorCode"] == "64114"
    assert session.of("prompt") == []


def test_a_declared_failover_of_the_recogniser_saves_the_session(relay: RelayCalls):
    set_faults(relay, relay_deaf=True)
    failover = '<Failover transcriptionProvider="Google"/>'
    session = relay.call("talker", 'partialPrompts="true"', failover, answer=HELLO)
    assert session.wait_for("prompt")["voicePrompt"]
    assert relay.caller.application.hits_at("/relay-ended") == []


def test_prompts_can_come_late(relay: RelayCalls):
    set_faults(relay, relay_prompt_delay_ms=4000)
    session = relay.call("talker", EVENTS, answer=HELLO)
    late = session.time_of(type="prompt") - session.time_of(name="clientSpeaking", value="off")
    assert 4 < SPEED * late < 7


def test_prompts_can_come_twice(relay: RelayCalls):
    set_faults(relay, relay_duplicate_prompts=1)
    session = relay.call("talker", answer=HELLO)
    session.wait_for("prompt", 2)
    assert session.of("prompt")[0] == session.of("prompt")[1]


def test_words_can_be_misheard(relay: RelayCalls):
    set_faults(relay, relay_misheard={"value": 1.0})
    heard = relay.call("talker", answer=HELLO).wait_for("prompt")["voicePrompt"]
    assert heard != SAID
    assert len(heard.split()) == len(SAID.split())
    assert SAID in [line["text"] for line in relay.last_call()["transcript"]]


@given(st.text(), st.integers(), st.floats(0, 1))
def test_what_is_misheard_has_as_many_words_and_letters(words: str, seed: int, share: float):
    heard = mishear(words, share=share, dice=random.Random(seed))
    assert [len(word) for word in heard.split()] == [len(word) for word in words.split()]
    assert mishear(words, share=0, dice=random.Random(seed)).split() == words.split()


def test_a_fault_strikes_the_numbers_it_names_only(relay: RelayCalls):
    set_faults(relay, relay_unreachable={"value": True, "numbers": ["+34600000000"]})
    assert relay.call("quiet").wait_for("setup")


def test_more_sessions_than_allowed_fail(application: Application):
    options = {"max_relay_sessions": 1, "personas": PEOPLE, "speed": SPEED}
    with running_simulator(**options) as network, relay_server() as server:
        relay = RelayCalls(Caller(network, make_client(network), application), server)
        relay.call("quiet").wait_for("setup")
        assert relay.fail()["ErrorCode"] == "64109"
        relay.caller.end_all()

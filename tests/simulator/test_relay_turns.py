"""Clock readings of a session's turns, and the people of the network at the other end."""

from typing import Any

from aiohttp import web

from tests.simulator.application import say
from tests.simulator.calling import Caller

PARAMETER = '<Parameter name="call_id" value="7"/>'


async def answer_politely(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
    if frame["type"] == "prompt":
        await say(socket, "De acuerdo. ", "¿Le viene ", "bien el martes?")


async def say_goodbye(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
    if frame["type"] == "prompt":
        await say(socket, "Muchas gracias. ", "Adiós.")


def test_the_person_answers_what_was_said_and_each_turn_is_timed(caller: Caller):
    caller.application.talk = answer_politely
    caller.call("cooperative", caller.relay(inside=PARAMETER))
    prompt = caller.application.wait_for_frame("prompt", count=2)
    assert prompt["lang"] == "es-ES"
    turn = caller.simulator.timings()["relay_turns"][0]
    assert list(turn) == [
        "call_sid",
        "custom_parameters",
        "prompt_sent_at",
        "first_text_at",
        "last_text_at",
        "answered",
        "overtaken",
    ]
    assert turn["custom_parameters"] == {"call_id": "7"}
    assert (turn["answered"], turn["overtaken"]) == (True, False)
    assert turn["prompt_sent_at"] < turn["first_text_at"] <= turn["last_text_at"] < turn["prompt_sent_at"] + 5


def test_a_farewell_is_returned_and_the_person_hangs_up(caller: Caller):
    caller.application.talk = say_goodbye
    ended = caller.call_to_the_end("cooperative", caller.relay())
    assert ended["ended_by"] == "person"
    assert caller.application.wait_for_hit("/relay-ended").form["SessionStatus"] == "completed"


def test_a_turn_overtaken_by_the_persons_leaving_is_no_unanswered_turn(caller: Caller):
    caller.call_to_the_end("cooperative", caller.relay(), time_limit=20)
    turns = caller.simulator.timings()["relay_turns"]
    assert turns
    assert all(turn["overtaken"] and not turn["answered"] for turn in turns)


def test_the_parameters_of_a_session_stand_with_its_call(caller: Caller):
    call = caller.call("silent", caller.relay(inside=PARAMETER))
    caller.application.wait_for_frame("setup")
    assert caller.simulator.call(str(call.sid))["custom_parameters"] == {"call_id": "7"}


def test_words_are_spoken_for_as_long_as_they_take(caller: Caller):
    ended = caller.call_to_the_end("silent", f"<Say>{'a' * 600}</Say>")
    assert 40 <= ended["duration_seconds"] < 80  # half or twice as long is what a wrong pace would make of it

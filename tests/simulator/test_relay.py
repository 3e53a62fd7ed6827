from typing import Any

from aiohttp import web

from tests.simulator.application import say
from tests.simulator.calling import Caller

LONG = "Le llamo de la clínica del norte para confirmar la cita que tiene el próximo martes por la mañana. " * 3


async def answer_politely(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
    if frame["type"] == "prompt":
        await say(socket, "De acuerdo. ", "¿Le viene ", "bien el martes?")


async def say_goodbye(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
    if frame["type"] == "prompt":
        await say(socket, "Muchas gracias. ", "Adiós.")


async def speak_at_length(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
    if frame["type"] in ("setup", "prompt"):
        await say(socket, LONG)


def test_the_handshake_is_signed_over_the_url_and_setup_tells_the_call(caller: Caller):
    call = caller.call("silent", caller.relay(inside='<Parameter name="call_id" value="7"/>'))
    setup = caller.application.wait_for_frame("setup")
    assert caller.application.sockets[0]["signed"]
    assert setup["callSid"] == call.sid
    assert setup["customParameters"] == {"call_id": "7"}
    assert set(setup) == {
        "type",
        "sessionId",
        "accountSid",
        "parentCallSid",
        "callSid",
        "from",
        "to",
        "forwardedFrom",
        "callerName",
        "direction",
        "callType",
        "callStatus",
        "customParameters",
    }


def test_the_person_answers_what_was_said_and_each_turn_is_timed(caller: Caller):
    caller.application.talk = answer_politely
    caller.call("cooperative", caller.relay(inside='<Parameter name="call_id" value="7"/>'))
    prompt = caller.application.wait_for_frame("prompt", count=2)
    assert prompt["lang"] == "es-ES"
    assert prompt["last"] is True
    turn = caller.simulator.timings()["relay_turns"][0]
    assert turn["custom_parameters"] == {"call_id": "7"}
    assert turn["answered"]
    assert turn["prompt_sent_at"] < turn["first_text_at"] <= turn["last_text_at"]


def test_a_farewell_is_returned_and_the_person_hangs_up(caller: Caller):
    caller.application.talk = say_goodbye
    ended = caller.call_to_the_end("cooperative", caller.relay())
    assert ended["ended_by"] == "person"
    form = caller.application.wait_for_hit("/relay-ended").form
    assert (form["SessionStatus"], form["CallStatus"]) == ("completed", "completed")
    assert caller.application.sockets[0]["close_code"] == 1000


def test_an_end_frame_hands_its_data_to_the_action_and_the_call_goes_on(caller: Caller):
    async def hand_off(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        if frame["type"] == "setup":
            await socket.send_json({"type": "end", "handoffData": '{"reason":"human"}'})

    caller.application.talk = hand_off
    caller.application.documents["/relay-ended"] = "<Response><Say>Over to you</Say></Response>"
    ended = caller.call_to_the_end("silent", caller.relay())
    form = caller.application.hits_at("/relay-ended")[0].form
    assert (form["SessionStatus"], form["HandoffData"]) == ("ended", '{"reason":"human"}')
    assert form["CallStatus"] == "in-progress"
    assert ended["transcript"][-1]["text"] == "Over to you"


def test_barge_in_empties_the_queue_and_tells_what_was_heard(caller: Caller):
    caller.application.talk = speak_at_length
    caller.call("interrupter", caller.relay())
    frame = caller.application.wait_for_frame("interrupt")
    assert LONG.startswith(frame["utteranceUntilInterrupt"])
    assert 0 < len(frame["utteranceUntilInterrupt"]) < len(LONG)
    assert frame["durationUntilInterruptMs"] > 200
    assert caller.application.wait_for_frame("prompt")["voicePrompt"]


def test_speech_that_may_not_interrupt_is_not_reported(caller: Caller):
    caller.application.talk = speak_at_length
    caller.call_to_the_end("interrupter", caller.relay(attributes='interruptible="none"'), time_limit=20)
    assert caller.application.frames_of("interrupt") == []


def test_speaker_events_and_played_tokens_are_told_when_asked_for(caller: Caller):
    caller.application.talk = say_goodbye
    caller.call_to_the_end("cooperative", caller.relay(attributes='events="speaker-events tokens-played"'))
    told = [(frame["name"], frame["value"]) for frame in caller.application.frames_of("info")]
    assert ("clientSpeaking", "on") in told
    assert ("agentSpeaking", "off") in told
    assert ("tokensPlayed", "Muchas gracias.") in told


def test_keys_are_reported_when_detection_is_on(caller: Caller):
    caller.application.talk = speak_at_length
    caller.call("opt-out-key", caller.relay(attributes='dtmfDetection="true"'))
    assert caller.application.wait_for_frame("dtmf") == {"type": "dtmf", "digit": "9"}


def test_one_malformed_frame_gets_an_error_and_ten_close_with_1007(caller: Caller):
    async def babble(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        if frame["type"] == "setup":
            for _ in range(10):
                await socket.send_str("{not json")

    caller.application.talk = babble
    caller.application.documents["/relay-ended"] = "<Response/>"
    caller.call_to_the_end("silent", caller.relay())
    assert "64107" in caller.application.frames_of("error")[0]["description"]
    assert caller.application.sockets[0]["close_code"] == 1007
    assert caller.application.hits_at("/relay-ended")[0].form["ErrorCode"] == "64105"


def test_a_dropped_socket_fails_the_session_and_can_be_resumed(caller: Caller):
    async def drop(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        if len(caller.application.sockets) == 1:
            await socket.close(code=1011)

    caller.application.talk = drop
    caller.application.documents["/relay-ended"] = f"<Response>{caller.relay('again')}</Response>"
    call = caller.call("silent", caller.relay())
    form = caller.application.wait_for_hit("/relay-ended").form
    assert (form["SessionStatus"], form["ErrorCode"], form["CallStatus"]) == ("failed", "64105", "in-progress")
    first, second = caller.application.wait_for_frame("setup"), caller.application.wait_for_frame("setup", count=2)
    assert first["sessionId"] != second["sessionId"]
    assert first["callSid"] == second["callSid"] == call.sid


def test_a_socket_that_cannot_be_opened_fails_with_64102(caller: Caller):
    caller.application.documents["/relay-ended"] = "<Response><Say>Sorry</Say></Response>"
    caller.call_to_the_end("silent", caller.relay().replace("/relay/talk", "/nowhere"))
    assert caller.application.hits_at("/relay-ended")[0].form["ErrorCode"] == "64102"


def test_a_redirect_by_rest_leaves_the_conversation(caller: Caller):
    call = caller.call("silent", caller.relay())
    caller.application.wait_for_frame("setup")
    caller.twilio.calls(call.sid).update(twiml="<Response><Say>Elsewhere</Say></Response>")
    assert caller.wait_for_end(str(call.sid))["transcript"][-1]["text"] == "Elsewhere"
    assert caller.application.sockets[0]["close_code"] == 1000


def test_words_are_spoken_for_as_long_as_they_take(caller: Caller):
    ended = caller.call_to_the_end("silent", f"<Say>{'a' * 600}</Say>")
    assert 40 <= ended["duration_seconds"] < 80  # half or twice as long is what a wrong pace would make of it


def test_a_connection_cut_by_the_network_is_a_failed_session(caller: Caller):
    caller.simulator.set_faults(drop_relay_after_prompts=1)
    caller.call("cooperative", caller.relay())
    form = caller.application.wait_for_hit("/relay-ended").form
    assert (form["SessionStatus"], form["ErrorCode"]) == ("failed", "64105")
    caller.simulator.wait_until(lambda: caller.application.sockets[0].get("close_code") == 1006)


def test_a_turn_overtaken_by_the_persons_leaving_is_no_unanswered_turn(caller: Caller):
    caller.call_to_the_end("cooperative", caller.relay(), time_limit=20)
    turns = caller.simulator.timings()["relay_turns"]
    assert turns
    assert all(turn["overtaken"] and not turn["answered"] for turn in turns)

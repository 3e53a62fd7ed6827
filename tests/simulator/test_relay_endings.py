"""How a session ends: the closing of the socket, what the action is told, and how the call goes on (3.8)."""

import time
from typing import Any

import pytest

from tests.simulator.relay_calling import SPEED, RelayCalls, on, saying
from tests.simulator.relay_server import Session
from tests.simulator.server import wait_until

FAREWELL = saying("Muchas gracias, adiós.")
NOTHING_MORE = "<Response><Hangup/></Response>"
SESSION_FIELDS = {"SessionId", "SessionStatus", "SessionDuration"}


def about_the_session(form: dict[str, str]) -> dict[str, str]:
    names = SESSION_FIELDS | {"HandoffData", "ErrorCode", "ErrorMessage"}
    return {name: value for name, value in form.items() if name in names}


def end_with(**fields: Any) -> Any:
    return on("setup", lambda frame, session: session.send(type="end", **fields))


def drop(frame: dict[str, Any], session: Session) -> None:
    session.connection.socket.close()


def test_a_person_who_hangs_up_completes_the_session_and_the_call(relay: RelayCalls):
    session = relay.call("talker", answer=on("prompt", lambda frame, session: session.say("Adiós.")))
    session.say("¿Me oye?")
    form = relay.ended().form
    assert session.ending == (1000, "Closing websocket session")
    assert set(about_the_session(form)) == SESSION_FIELDS
    assert (form["SessionStatus"], form["CallStatus"]) == ("completed", "completed")
    assert form["SessionId"] == session.of("setup")[0]["sessionId"]
    assert int(form["SessionDuration"]) > 2


def test_a_call_ended_by_rest_completes_the_session_likewise(relay: RelayCalls):
    session = relay.call("quiet", answer=on("setup", lambda frame, session: relay.hang_up()))
    form = relay.ended().form
    assert session.ending == (1000, "Closing websocket session")
    assert (form["SessionStatus"], form["CallStatus"]) == ("completed", "completed")
    assert relay.last_call()["ended_by"] == "rest"


def test_an_end_frame_hands_its_text_over_and_the_call_goes_on(relay: RelayCalls):
    relay.caller.application.documents["/relay-ended"] = "<Response><Say>Le paso.</Say></Response>"
    session = relay.call("quiet", answer=end_with(handoffData='{"reason":"human"}'))
    form = relay.ended().form
    assert session.ending == (1000, "Closing websocket session")
    assert set(about_the_session(form)) == SESSION_FIELDS | {"HandoffData"}
    assert (form["SessionStatus"], form["HandoffData"]) == ("ended", '{"reason":"human"}')
    assert form["CallStatus"] == "in-progress"
    assert relay.caller.wait_for_end(relay.caller.placed[-1])["transcript"][-1]["text"] == "Le paso."


def test_an_end_frame_without_data_tells_none(relay: RelayCalls):
    relay.call("quiet", answer=end_with())
    assert set(about_the_session(relay.ended().form)) == SESSION_FIELDS


def test_the_action_is_asked_well_after_the_socket_has_closed(relay: RelayCalls):
    session = relay.call("quiet", answer=end_with())
    relay.ended()
    assert 0.4 < SPEED * (time.monotonic() - session.closed_at) < 2.5


@pytest.mark.parametrize("code", [1000, 1011])
def test_a_socket_closed_by_the_application_fails_the_session(relay: RelayCalls, code: int):
    relay.caller.application.documents["/relay-ended"] = NOTHING_MORE
    relay.call("quiet", answer=on("setup", lambda frame, session: session.connection.close(code)))
    form = relay.ended().form
    assert set(about_the_session(form)) == SESSION_FIELDS | {"ErrorCode", "ErrorMessage"}
    assert (form["SessionStatus"], form["CallStatus"]) == ("failed", "in-progress")
    assert (form["ErrorCode"], form["ErrorMessage"]) == ("64105", "Websocket ended")


def test_a_dropped_socket_is_resumed_by_another_connect(relay: RelayCalls):
    document = relay.document('welcomeGreeting="Sigo aquí."')
    relay.caller.application.documents["/relay-ended"] = f"<Response>{document}</Response>"
    first = relay.call(
        "quiet", answer=lambda frame, session: drop(frame, session) if session is first_of(relay) else None
    )
    second = relay.server.session(2)
    before, after = first.of("setup")[0], second.wait_for("setup")
    assert (before["callSid"], before["from"], before["to"]) == (after["callSid"], after["from"], after["to"])
    assert before["sessionId"] != after["sessionId"]
    assert relay.ended().form["ErrorCode"] == "64105"


def first_of(relay: RelayCalls) -> Session:
    return relay.server.sessions[0]


def test_without_an_action_and_another_verb_the_call_ends(relay: RelayCalls):
    relay.server.answer = end_with()
    ended = relay.caller.call_to_the_end("quiet", relay.document(action=False))
    assert (ended["status"], ended["ended_by"]) == ("completed", "application")


def test_without_an_action_the_next_verb_follows(relay: RelayCalls):
    relay.server.answer = end_with()
    document = relay.document(action=False, after="<Say>Hasta luego.</Say>")
    assert relay.caller.call_to_the_end("quiet", document)["transcript"][-1]["text"] == "Hasta luego."


def test_a_redirect_by_rest_closes_the_socket_and_leaves_the_action_alone(relay: RelayCalls):
    session = relay.call("quiet")
    session.wait_for("setup")
    sid = relay.caller.placed[-1]
    relay.caller.twilio.calls(sid).update(twiml="<Response><Say>Otra cosa.</Say></Response>")
    ended = relay.caller.wait_for_end(sid)
    assert ended["transcript"][-1]["text"] == "Otra cosa."
    assert session.ending == (1000, "Closing websocket session")
    assert relay.caller.application.hits_at("/relay-ended") == []


def test_an_application_that_asked_for_it_is_called_again_in_the_same_session(relay: RelayCalls):
    def answer(frame: dict[str, Any], session: Session) -> None:
        if session is first_of(relay):
            drop(frame, session)
        elif frame["type"] == "setup":
            session.say("Ya he vuelto.")

    first = relay.call("quiet", 'applicationReconnect="true" events="speaker-events"', answer=answer)
    second = relay.server.session(2)
    assert second.wait_for("setup") == first.of("setup")[0]
    second.time_of(name="agentSpeaking", value="off")
    assert relay.caller.application.hits_at("/relay-ended") == []


def test_what_happens_meanwhile_is_told_to_the_application_that_comes_back(relay: RelayCalls):
    def answer(frame: dict[str, Any], session: Session) -> None:
        if session is first_of(relay) and frame["type"] == "setup":
            session.say("Dígame, le escucho.")
        elif session is first_of(relay) and frame.get("name") == "clientSpeaking":
            drop(frame, session)

    relay.call("talker", 'applicationReconnect="true" events="speaker-events"', answer=answer)
    second = relay.server.session(2)
    second.wait_for("prompt")
    assert second.frames[0]["type"] == "setup"


def test_nobody_left_to_reconnect_to_fails_the_session(relay: RelayCalls):
    def answer(frame: dict[str, Any], session: Session) -> None:
        relay.server.refuses = True
        drop(frame, session)

    relay.call("quiet", 'applicationReconnect="true"', answer=answer)
    assert relay.ended().form["ErrorCode"] == "64105"
    wait_until(lambda: relay.last_call()["status"] == "completed")

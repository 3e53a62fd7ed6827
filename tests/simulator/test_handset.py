from simulator.options import PERSONAS_FOLDER
from simulator.people.persona_file import read_personas
from tests.simulator.calling import Caller


def test_an_answered_call_reports_four_events_in_sequence(caller: Caller):
    ended = caller.call_to_the_end("cooperative", "<Say>Hello</Say>")
    caller.simulator.wait_until(lambda: len(caller.statuses(ended["sid"])) == 4)
    assert caller.statuses(ended["sid"]) == ["initiated", "ringing", "in-progress", "completed"]
    last = next(hit for hit in caller.application.hits_at("/status") if hit.form["CallStatus"] == "completed")
    assert last.form["SipResponseCode"] == "200"
    assert last.form["CallbackSource"] == "call-progress-events"
    assert int(last.form["CallDuration"]) == ended["duration_seconds"]
    assert all(hit.signed for hit in caller.application.hits)


def test_only_subscribed_events_are_sent_and_completed_means_final(caller: Caller):
    sid = caller.call_to_the_end("always-busy", "<Hangup/>", status_callback_event=["completed"])["sid"]
    hit = caller.application.wait_for_hit("/status")
    assert (hit.form["CallStatus"], hit.form["SipResponseCode"]) == ("busy", "486")
    assert caller.statuses(sid) == ["busy"]


def test_without_a_wish_only_the_final_state_is_reported(caller: Caller):
    call = caller.twilio.calls.create(
        to="+34600777001",
        from_="+34910000000",
        twiml="<Response><Hangup/></Response>",
        status_callback=f"{caller.application.base_url}/status",
    )
    caller.wait_for_end(call.sid)
    assert caller.application.wait_for_hit("/status").form["SequenceNumber"] != "0"


def test_a_line_that_nobody_answers_ends_after_the_timeout_without_asking_for_instructions(caller: Caller):
    ended = caller.call_to_the_end("no-answer", "<Hangup/>", timeout=5)
    assert (ended["status"], ended["duration_seconds"]) == ("no-answer", None)
    assert caller.application.hits_at("/voice") == []


def test_an_unreachable_number_fails_with_sip_404(caller: Caller):
    assert caller.call_to_the_end("unreachable", "<Hangup/>")["status"] == "failed"
    caller.simulator.wait_until(lambda: caller.application.hits_at("/status")[-1].form["CallStatus"] == "failed")
    assert caller.application.hits_at("/status")[-1].form["SipResponseCode"] == "404"


def test_a_line_busy_at_first_is_answered_by_somebody_later(caller: Caller):
    number = "+34600777002"
    first = caller.call_to_the_end("busy", "<Hangup/>", number=number)
    caller.application.reset()
    second = caller.wait_for_end(caller.call("", "<Hangup/>", number=number).sid)
    assert (first["status"], first["attempt"]) == ("busy", 1)
    assert (second["status"], second["attempt"]) == ("completed", 2)
    assert second["persona"] not in ("busy", "no-answer")


def test_the_carriers_own_pace_can_be_told(caller: Caller):
    caller.simulator.set_faults(ringing_after_ms=40_000, swap_status_callbacks=0)
    call = caller.call("cooperative", "<Hangup/>")
    assert caller.application.wait_for_hit("/status").form["CallStatus"] == "initiated"
    assert caller.simulator.call(str(call.sid))["status"] == "queued"
    caller.simulator.wait_until(lambda: caller.simulator.call(str(call.sid))["status"] != "queued")


def test_a_call_that_was_not_answered_has_no_request_no_duration_and_no_price(caller: Caller):
    ended = caller.call_to_the_end("always-busy", "<Hangup/>")
    call = caller.twilio.calls(ended["sid"]).fetch()
    assert (call.status, call.duration, call.price) == ("busy", None, None)
    assert caller.application.hits_at("/voice") == []


def test_the_time_limit_ends_the_call(caller: Caller):
    ended = caller.call_to_the_end("silent", '<Pause length="300"/>', time_limit=40)
    assert ended["ended_by"] == "time-limit"
    assert 40 <= ended["duration_seconds"] < 80  # half or twice as long is what a wrong pace would make of it


def test_dropped_status_callbacks_never_arrive(caller: Caller):
    caller.simulator.set_faults(drop_status_callbacks=True)
    caller.call_to_the_end("always-busy", "<Hangup/>")
    after = caller.call_to_the_end("cooperative", "<Say>Hello</Say>")
    assert after["status"] == "completed"
    assert caller.application.hits_at("/status") == []


def test_duplicated_status_callbacks_arrive_twice_with_the_same_number(caller: Caller):
    caller.simulator.set_faults(duplicate_status_callbacks=True)
    caller.call_to_the_end("always-busy", "<Hangup/>", status_callback_event=["completed"])
    caller.application.wait_for_hit("/status", count=2)
    first, second = (hit.form["SequenceNumber"] for hit in caller.application.hits_at("/status"))
    assert first == second


def test_every_persona_ends_its_call_by_itself_or_with_the_application(caller: Caller):
    prompt = '<Gather input="speech dtmf" actionOnEmptyResult="true" action="/again" timeout="5">'
    caller.application.documents["/again"] = (
        f"<Response>{prompt}<Say language='es-ES'>¿Algo más?</Say></Gather></Response>"
    )
    personas = read_personas(PERSONAS_FOLDER)
    calls = [
        caller.call(name, f"{prompt}<Say language='es-ES'>Hola, le llamo de la clínica</Say></Gather>", time_limit=90)
        for name in personas
    ]
    ended = [caller.wait_for_end(call.sid, seconds=90) for call in calls]
    assert {call["persona"] for call in ended} == set(personas)
    assert not [text for call in ended for text in call["complaints"] if "simulator" in text]

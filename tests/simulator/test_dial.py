"""<Dial>: a second person joins the call."""

import asyncio
from typing import Any

import pytest

from simulator.handset.bridge import bridged
from simulator.sound.speech import Voice
from tests.simulator.application import Form
from tests.simulator.calling import FROM, Caller, numbers
from tests.simulator.handsets import answered_call
from tests.simulator.test_webhooks import VOICE_FIELDS

ACTION_FIELDS = VOICE_FIELDS | {"DialCallStatus", "DialBridged"}
LEG_FIELDS = ACTION_FIELDS | {"DialCallSid", "DialCallDuration"}
AFTER = "<Response><Say>After</Say></Response>"


def callee(caller: Caller, persona: str = "cooperative") -> str:
    number = f"+34{next(numbers)}"
    caller.simulator.pin(number, persona)
    return number


def dial(caller: Caller, inside: str, attributes: str = "", *, persona: str = "cooperative", **options: Any) -> Form:
    """What the action was told."""
    caller.application.documents["/dialed"] = AFTER
    caller.call_to_the_end(persona, f'<Dial action="/dialed" {attributes}>{inside}</Dial>', **options)
    return caller.application.wait_for_hit("/dialed").form


def child_of(caller: Caller, form: Form) -> dict[str, Any]:
    return caller.simulator.call(form["DialCallSid"])


def words_of(call: dict[str, Any], speaker: str) -> str:
    return " ".join(line["text"] for line in call["transcript"] if line["speaker"] == speaker)


def test_the_two_people_hear_each_other_until_the_time_limit(caller: Caller):
    form = dial(caller, callee(caller), 'timeLimit="25"', persona="curious")
    assert set(form) == LEG_FIELDS
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", "true")
    assert 20 <= int(form["DialCallDuration"]) < 60
    parent, child = caller.simulator.call(form["CallSid"]), child_of(caller, form)
    assert words_of(parent, "callee")
    assert words_of(parent, "callee") in words_of(child, "person")
    assert words_of(child, "caller") in words_of(parent, "person")
    assert words_of(parent, "assistant").endswith("After")


def test_the_new_call_is_a_child_with_its_own_resource(caller: Caller):
    number = callee(caller)
    form = dial(caller, f"<Number>{number}</Number>", 'timeLimit="5"')
    (child,) = caller.twilio.calls.list(parent_call_sid=form["CallSid"])
    assert (child.sid, child.to, child._from) == (form["DialCallSid"], number, FROM)
    assert (child.direction, child.parent_call_sid, child.status) == ("outbound-dial", form["CallSid"], "completed")
    assert child.duration == form["DialCallDuration"]
    caller.simulator.wait_until(lambda: caller.twilio.calls(str(child.sid)).fetch().price)


@pytest.mark.parametrize(
    ("persona", "status"), [("always-busy", "busy"), ("no-answer", "no-answer"), ("unreachable", "failed")]
)
def test_nobody_at_the_other_end_is_told_by_its_status(caller: Caller, persona: str, status: str):
    form = dial(caller, callee(caller, persona), 'timeout="6"', persona="silent")
    assert set(form) == ACTION_FIELDS | {"DialCallSid"}
    assert (form["DialCallStatus"], form["DialBridged"]) == (status, "false")
    assert caller.simulator.call(form["CallSid"])["transcript"][-1]["text"] == "After"


def test_without_an_action_the_next_verb_follows(caller: Caller):
    ended = caller.call_to_the_end("silent", f"<Dial>{callee(caller, 'always-busy')}</Dial><Say>Nobody</Say>")
    assert ended["transcript"][-1]["text"] == "Nobody"


def test_several_numbers_ring_at_once_and_the_first_answer_wins(caller: Caller):
    both = [callee(caller, "no-answer"), callee(caller), callee(caller, "always-busy")]
    form = dial(caller, "".join(f"<Number>{number}</Number>" for number in both), 'timeLimit="5"', persona="silent")
    assert form["DialCallStatus"] == "completed"
    children = {str(call.to): call.status for call in caller.twilio.calls.list(parent_call_sid=form["CallSid"])}
    assert children[both[0]] == "canceled"
    assert children[both[1]] == "completed"
    assert children[both[2]] in ("busy", "canceled")


def test_one_after_the_other_when_asked_for(caller: Caller):
    both = [callee(caller, "always-busy"), callee(caller), callee(caller)]
    inside = "".join(f"<Number>{number}</Number>" for number in both)
    form = dial(caller, inside, 'timeLimit="5" sequential="true"', persona="silent")
    children = {str(call.to): call.status for call in caller.twilio.calls.list(parent_call_sid=form["CallSid"])}
    assert children == {both[0]: "busy", both[1]: "completed"}


def test_a_whisper_is_heard_by_the_callee_alone_before_the_two_talk(caller: Caller):
    caller.application.documents["/whisper"] = "<Response><Say>Un cliente pregunta por su cita</Say></Response>"
    form = dial(caller, f'<Number url="/whisper">{callee(caller)}</Number>', 'timeLimit="9"', persona="silent")
    whisper = caller.application.hits_at("/whisper")[0]
    assert set(whisper.form) == VOICE_FIELDS | {"ParentCallSid"}
    assert whisper.signed
    assert (whisper.form["CallSid"], whisper.form["ParentCallSid"]) == (form["DialCallSid"], form["CallSid"])
    assert whisper.form["Direction"] == "outbound-dial"
    assert "cita" in words_of(child_of(caller, form), "assistant")
    assert "cliente pregunta" not in words_of(caller.simulator.call(form["CallSid"]), "callee")


def test_a_whisper_that_hangs_up_bridges_nobody(caller: Caller):
    caller.application.documents["/whisper"] = "<Response><Hangup/></Response>"
    form = dial(caller, f'<Number url="/whisper">{callee(caller)}</Number>', persona="silent")
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", "false")


def test_the_new_call_reports_its_own_progress(caller: Caller):
    events = 'statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed"'
    form = dial(caller, f"<Number {events}>{callee(caller)}</Number>", 'timeLimit="5"', persona="silent")
    caller.application.wait_for_hit("/leg", count=3)
    caller.simulator.wait_until(lambda: "completed" in {hit.form["CallStatus"] for hit in legs(caller)})
    assert {hit.form["CallSid"] for hit in legs(caller)} == {form["DialCallSid"]}
    assert {hit.form["ParentCallSid"] for hit in legs(caller)} == {form["CallSid"]}


def legs(caller: Caller) -> list[Any]:
    return caller.application.hits_at("/leg")


def test_a_recording_holds_both_people_and_belongs_to_the_first_call(caller: Caller):
    attributes = 'timeLimit="20" record="record-from-answer-dual" recordingStatusCallback="/recorded"'
    form = dial(caller, callee(caller), attributes, persona="curious")
    assert set(form) == LEG_FIELDS | {"RecordingUrl"}
    recorded = caller.application.wait_for_hit("/recorded").form
    assert recorded["CallSid"] == form["CallSid"]
    assert recorded["RecordingUrl"] == form["RecordingUrl"]
    assert (recorded["RecordingSource"], recorded["RecordingChannels"]) == ("DialVerb", "2")
    assert abs(int(recorded["RecordingDuration"]) - int(form["DialCallDuration"])) <= 3


def test_the_action_is_told_even_when_the_first_person_has_hung_up(caller: Caller):
    caller.application.documents["/dialed"] = AFTER
    call = caller.call("silent", f'<Dial action="/dialed">{callee(caller)}</Dial>')
    child = caller.simulator.wait_until(lambda: caller.twilio.calls.list(parent_call_sid=str(call.sid)))[0]
    caller.simulator.wait_until(lambda: caller.simulator.call(str(child.sid))["status"] == "in-progress")
    caller.twilio.calls(str(call.sid)).update(status="completed")
    form = caller.application.wait_for_hit("/dialed").form
    assert (form["CallStatus"], form["DialCallStatus"], form["DialBridged"]) == ("completed", "completed", "true")
    assert caller.wait_for_end(str(child.sid))["ended_by"] == "application"


@pytest.mark.parametrize(
    ("number", "code"), [("12", "13223"), ("client", "13223"), ("", "13223"), ("+210555555555", "13226")]
)
def test_numbers_that_are_none_fail_with_their_code(caller: Caller, number: str, code: str):
    form = dial(caller, f"<Number>{number}</Number>", persona="silent")
    assert set(form) == ACTION_FIELDS
    assert form["DialCallStatus"] == "failed"
    assert caller.simulator.call(form["CallSid"])["complaints"][0].startswith(code)


@pytest.mark.parametrize(("refusal", "code"), [(21217, "13224"), (21216, "13225"), (21215, "13227"), (13224, "13224")])
def test_numbers_that_the_network_refuses_fail_with_their_code(caller: Caller, refusal: int, code: str):
    number = callee(caller)
    caller.simulator.set_faults(fail_calls_with={number: refusal})
    form = dial(caller, number, persona="silent")
    assert form["DialCallStatus"] == "failed"
    assert caller.simulator.call(form["CallSid"])["complaints"][0].startswith(code)


def test_a_caller_id_that_is_no_number_is_13214(caller: Caller):
    form = dial(caller, callee(caller), 'callerId="clinic"', persona="silent")
    assert form["DialCallStatus"] == "failed"
    assert caller.simulator.call(form["CallSid"])["complaints"][0].startswith("13214")


@pytest.mark.parametrize("noun", ["Client", "Sip", "Queue", "Conference"])
def test_what_else_could_be_dialled_is_complained_about(caller: Caller, noun: str):
    form = dial(caller, f"<{noun}>somebody</{noun}>", persona="silent")
    assert form["DialCallStatus"] == "failed"
    assert caller.simulator.call(form["CallSid"])["complaints"] == [f"12200 Dial/{noun} is not supported here"]


def test_keys_are_sent_to_the_callee_after_the_answer(caller: Caller):
    form = dial(caller, f'<Number sendDigits="1w23#">{callee(caller)}</Number>', 'timeLimit="9"', persona="silent")
    assert words_of(child_of(caller, form), "assistant").startswith("[1] [2] [3] [#]")


def test_a_dialled_call_cannot_dial(caller: Caller):
    caller.application.documents["/whisper"] = "<Response><Dial>+34600000000</Dial></Response>"
    form = dial(caller, f'<Number url="/whisper">{callee(caller)}</Number>', 'timeLimit="5"', persona="silent")
    assert child_of(caller, form)["complaints"][0].startswith("13201")
    assert form["DialBridged"] == "true"


def test_who_is_sent_elsewhere_leaves_the_conversation_and_the_first_call_goes_on(caller: Caller):
    caller.application.documents |= {"/dialed": AFTER, "/elsewhere": "<Response><Say>Elsewhere</Say></Response>"}
    call = caller.call("silent", f'<Dial action="/dialed">{callee(caller)}</Dial>')
    child = caller.simulator.wait_until(lambda: caller.twilio.calls.list(parent_call_sid=str(call.sid)))[0]
    caller.simulator.wait_until(lambda: caller.simulator.call(str(child.sid))["status"] == "in-progress")
    caller.simulator.wait_until(lambda: words_of(caller.simulator.call(str(call.sid)), "callee"))
    caller.twilio.calls(str(child.sid)).update(url=f"{caller.application.base_url}/elsewhere")
    form = caller.application.wait_for_hit("/dialed").form
    assert (form["DialCallStatus"], form["DialBridged"], form["CallStatus"]) == ("completed", "true", "in-progress")
    assert words_of(caller.wait_for_end(str(child.sid)), "assistant").endswith("Elsewhere")


def test_press_one_to_accept_bridges_only_who_presses(caller: Caller):
    caller.application.documents |= {
        "/whisper": '<Response><Gather action="/accepted" numDigits="1" timeout="3"/><Hangup/></Response>',
        "/accepted": "<Response/>",
    }
    inside = f'<Number url="/whisper">{callee(caller, "silent")}</Number>'
    assert dial(caller, inside, persona="silent")["DialBridged"] == "false"
    inside = f'<Number url="/whisper">{callee(caller, "opt-out-key")}</Number>'
    caller.application.hits.clear()
    caller.application.documents["/whisper"] = (
        '<Response><Gather action="/accepted" numDigits="1" timeout="60"><Say language="es-ES">'
        + "Tiene una llamada de la clínica, pulse una tecla para aceptarla. " * 3
        + "</Say></Gather><Hangup/></Response>"
    )
    assert dial(caller, inside, 'timeLimit="40"', persona="silent")["DialBridged"] == "true"


async def test_the_star_key_of_the_caller_reaches_the_bridge_and_the_callee():
    async with answered_call() as caller_side, answered_call() as callee_side:
        with bridged(caller_side.network, caller_side.line, callee_side.line) as ear:
            caller_side.line.press_key("5")
            assert not ear.star.is_set()
            caller_side.line.press_key("*")
            assert ear.star.is_set()
            await asyncio.sleep(0.05)
    assert [line.text for line in callee_side.call.transcript] == ["[5]", "[*]"]


async def test_what_one_says_is_heard_by_the_other_while_it_is_said():
    async with answered_call(speed=20) as caller_side, answered_call(speed=20) as callee_side:
        with bridged(caller_side.network, caller_side.line, callee_side.line):
            await caller_side.line.person_says("le paso con mi compañera", Voice("es"))
            await callee_side.line.person_says("dígame, soy Ana", Voice("es"))
            await asyncio.sleep(0.1)
    heard = [(line.speaker, line.text) for line in callee_side.call.transcript]
    assert heard == [("caller", "le paso con mi compañera"), ("person", "dígame, soy Ana")]
    tape = [(sound.speaker, sound.text) for sound in caller_side.line.tape.sounds]
    assert tape == [("person", "le paso con mi compañera"), ("assistant", "dígame, soy Ana")]

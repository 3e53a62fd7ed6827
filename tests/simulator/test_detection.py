"""Answering machine detection: who picked up, as Twilio tells it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.handset.detection_rules import judge
from simulator.handset.tape import Sound
from simulator.sound.tones import tone
from simulator.twilio.call_request import CallRequest
from tests.simulator.calling import Caller
from tests.simulator.test_webhooks import VOICE_FIELDS

VERDICT = {"AnsweredBy", "MachineDetectionDuration"}
VALUES = {
    *("human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax", "unknown"),
}


def detect(caller: Caller, persona: str, document: str = '<Pause length="60"/>', **options: object) -> dict[str, str]:
    """What an asynchronous detection tells its callback."""
    callback = f"{caller.application.base_url}/amd"
    settings = {"machine_detection": "Enable", "async_amd": "true", "async_amd_status_callback": callback} | options
    caller.call(persona, document, **settings)
    return caller.application.wait_for_hit("/amd").form


def test_asynchronous_detection_reports_while_the_document_runs(caller: Caller):
    form = detect(caller, "voicemail", machine_detection="DetectMessageEnd")
    hit = caller.application.hits_at("/amd")[0]
    assert set(form) == {"CallSid", "AccountSid"} | VERDICT
    assert (hit.method, hit.signed, form["AnsweredBy"]) == ("POST", True, "machine_end_beep")
    assert int(form["MachineDetectionDuration"]) > 3000
    assert set(caller.application.hits_at("/voice")[0].form) == VOICE_FIELDS


def test_the_callback_is_asked_by_get_when_told(caller: Caller):
    detect(caller, "cooperative", async_amd_status_callback_method="GET")
    hit = caller.application.hits_at("/amd")[0]
    assert (hit.method, hit.signed) == ("GET", True)


@pytest.mark.parametrize(
    ("persona", "detection", "answered_by"),
    [
        ("cooperative", "Enable", "human"),
        ("voicemail", "Enable", "machine_start"),
        ("fax", "Enable", "fax"),
        ("silent", "Enable", "unknown"),
        ("cooperative", "DetectMessageEnd", "human"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
        ("voicemail-no-beep", "DetectMessageEnd", "machine_end_silence"),
        ("company-menu", "DetectMessageEnd", "machine_end_other"),
        ("fax", "DetectMessageEnd", "fax"),
        ("silent", "DetectMessageEnd", "unknown"),
    ],
)
def test_synchronous_detection_comes_before_the_document(
    caller: Caller, persona: str, detection: str, answered_by: str
):
    ended = caller.call_to_the_end(persona, "<Hangup/>", machine_detection=detection)
    form = caller.application.hits_at("/voice")[0].form
    assert set(form) == VOICE_FIELDS | VERDICT
    assert form["AnsweredBy"] == answered_by
    assert 2000 <= int(form["MachineDetectionDuration"]) <= 30_000
    assert ended["answered_by"] == answered_by
    assert caller.twilio.calls(ended["sid"]).fetch().answered_by == answered_by


@pytest.mark.parametrize("answered_by", sorted(VALUES))
def test_any_verdict_can_be_asked_for(caller: Caller, answered_by: str):
    caller.simulator.set_faults(detection_verdict=answered_by)
    caller.call_to_the_end("cooperative", "<Hangup/>", machine_detection="Enable")
    assert caller.application.hits_at("/voice")[0].form["AnsweredBy"] == answered_by


def test_a_verdict_later_than_the_timeout_is_unknown(caller: Caller):
    ended = caller.call_to_the_end(
        "voicemail", "<Hangup/>", machine_detection="DetectMessageEnd", machine_detection_timeout=3
    )
    form = caller.application.hits_at("/voice")[0].form
    assert (ended["answered_by"], form["MachineDetectionDuration"]) == ("unknown", "3000")


def test_a_verdict_may_come_when_the_call_is_over(caller: Caller):
    caller.simulator.set_faults(late_detection_ms=15_000)
    form = detect(caller, "voicemail", '<Pause length="4"/>')
    assert form["AnsweredBy"] == "machine_start"
    assert caller.simulator.call(form["CallSid"])["status"] == "completed"
    assert int(form["MachineDetectionDuration"]) > 15_000


def test_without_the_fault_a_call_that_is_over_has_no_verdict(caller: Caller):
    options = {"machine_detection": "Enable", "async_amd": "true"}
    callback = f"{caller.application.base_url}/amd"
    ended = caller.call_to_the_end("voicemail", "<Hangup/>", async_amd_status_callback=callback, **options)
    assert ended["answered_by"] is None


def test_keys_to_press_switch_detection_off(caller: Caller):
    ended = caller.call_to_the_end("voicemail", "<Hangup/>", machine_detection="Enable", send_digits="1")
    assert ended["answered_by"] is None


def test_the_thresholds_of_the_request_count(caller: Caller):
    patient = {"machine_detection_speech_threshold": 6000, "machine_detection_speech_end_threshold": 5000}
    caller.call_to_the_end("cooperative", "<Hangup/>", machine_detection="Enable", **patient)
    hasty = {"machine_detection_speech_threshold": 1000, "machine_detection_silence_timeout": 2000}
    caller.call_to_the_end("silent", "<Hangup/>", machine_detection="Enable", **hasty)
    slow, quick = (int(hit.form["MachineDetectionDuration"]) for hit in caller.application.hits_at("/voice"))
    assert slow > 5000
    assert quick == 2000


def test_the_greeting_of_a_machine_reaches_the_conversation_as_speech(caller: Caller):
    caller.call("voicemail", caller.relay())
    words = caller.application.wait_for_frame("prompt")["voicePrompt"]
    assert "mensaje" in words


def test_a_dialled_number_has_a_detection_of_its_own(caller: Caller):
    number = "+34600779901"
    caller.simulator.pin(number, "voicemail")
    noun = f'<Number machineDetection="Enable" amdStatusCallback="/amd">{number}</Number>'
    ended = caller.call_to_the_end("silent", f'<Dial timeLimit="12">{noun}</Dial>')
    form = caller.application.wait_for_hit("/amd").form
    assert form["AnsweredBy"] == "machine_start"
    assert form["CallSid"] != ended["sid"]


def request(**settings: int) -> CallRequest:
    return CallRequest(to="+34600000001", from_="+34910000000", voice=None, detection="Enable", **settings)


@given(st.integers(100, 8000), st.integers(1000, 6000), st.integers(500, 5000))
def test_how_long_the_first_words_last_decides(length_ms: int, threshold_ms: int, end_ms: int):
    assume(length_ms != threshold_ms)
    sounds = [Sound("person", 0.5, length_ms / 1000, "words"), Sound("assistant", 0.0, 60.0, "ours")]
    settings = request(speech_threshold_ms=threshold_ms, speech_end_threshold_ms=end_ms)
    verdict = judge(sounds, settings, kind="", may_be_silent=False)
    assert verdict is not None
    assert verdict.answered_by == ("human" if length_ms < threshold_ms else "machine_start")
    assert verdict.after_seconds >= 2.0


@given(st.integers(100, 2000))
def test_words_that_follow_each_other_closely_are_one_greeting(gap_ms: int):
    assume(gap_ms != 1200)
    first, second = Sound("person", 0.5, 1.5, "one"), Sound("person", 2.0 + gap_ms / 1000, 1.5, "two")
    verdict = judge([first, second], request(), kind="", may_be_silent=False)
    assert verdict is not None
    assert verdict.answered_by == ("machine_start" if gap_ms < 1200 else "human")


def test_a_whistle_is_a_fax_and_a_beep_is_none():
    whistle = Sound("person", 0.2, 3.0, pcm=tone(3.0, 2100))
    assert judge([whistle], request(), kind="fax", may_be_silent=True) is not None
    beep = Sound("person", 0.2, 0.5, pcm=tone(0.5, 1000))
    verdicts = [judge([sound], request(), kind="", may_be_silent=True) for sound in (whistle, beep)]
    assert [verdict and verdict.answered_by for verdict in verdicts] == ["fax", "human"]


def person_sound(starts_at: float, seconds: float, *, cuts_in: bool = False) -> Sound:
    return Sound("person", starts_at, seconds, "¿Diga?", is_interruption=cuts_in, is_reaction=cuts_in)


@pytest.mark.parametrize("gap", [0.0, 0.3, 1.0, 3.0])
def test_who_cuts_in_right_after_picking_up_is_no_machine(gap: float):
    sounds = [person_sound(0.4, 0.9), person_sound(1.3 + gap, 2.0, cuts_in=True)]
    verdict = judge(sounds, request(), kind="", may_be_silent=False)
    assert verdict is not None
    assert verdict.answered_by == "human"

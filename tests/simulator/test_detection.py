import pytest

from tests.simulator.calling import Caller


def test_asynchronous_detection_reports_while_the_document_runs(caller: Caller):
    callback = f"{caller.application.base_url}/amd"
    caller.call(
        "voicemail",
        '<Pause length="60"/>',
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=callback,
    )
    form = caller.application.wait_for_hit("/amd").form
    assert form["AnsweredBy"] == "machine_end_beep"
    assert int(form["MachineDetectionDuration"]) > 3000
    assert "AnsweredBy" not in caller.application.hits_at("/voice")[0].form


@pytest.mark.parametrize(
    ("persona", "detection", "answered_by"),
    [
        ("voicemail", "Enable", "machine_start"),
        ("voicemail", "DetectMessageEnd", "machine_end_beep"),
        ("cooperative", "Enable", "human"),
    ],
)
def test_synchronous_detection_comes_before_the_document(
    caller: Caller, persona: str, detection: str, answered_by: str
):
    ended = caller.call_to_the_end(persona, "<Hangup/>", machine_detection=detection)
    assert caller.application.hits_at("/voice")[0].form["AnsweredBy"] == answered_by
    assert ended["answered_by"] == answered_by
    assert caller.twilio.calls(ended["sid"]).fetch().answered_by == answered_by


def test_a_verdict_later_than_the_timeout_is_unknown(caller: Caller):
    ended = caller.call_to_the_end(
        "voicemail", "<Hangup/>", machine_detection="DetectMessageEnd", machine_detection_timeout=3
    )
    assert ended["answered_by"] == "unknown"


def test_the_greeting_of_a_machine_reaches_the_conversation_as_speech(caller: Caller):
    caller.call("voicemail", caller.relay())
    words = caller.application.wait_for_frame("prompt")["voicePrompt"]
    assert "mensaje" in words

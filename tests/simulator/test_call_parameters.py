"""POST Calls.json, parameter by parameter, and the fields of what comes back."""

import re
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from multidict import MultiDict
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator.twilio.application_record import ApplicationRecord
from simulator.twilio.call_form import read_call_request
from simulator.twilio.errors import TwilioError
from tests.simulator.calling import FROM, Caller
from tests.simulator.server import SimulatorHandle

URL = "http://127.0.0.1/voice"
SUBRESOURCES = {
    "notifications": "Notifications",
    "recordings": "Recordings",
    "payments": "Payments",
    "events": "Events",
    "siprec": "Siprec",
    "streams": "Streams",
    "transcriptions": "Transcriptions",
    "user_defined_message_subscriptions": "UserDefinedMessageSubscriptions",
    "user_defined_messages": "UserDefinedMessages",
}


def read(*pairs: tuple[str, str], **form: str) -> Any:
    """A form that is right but for what is given; "-" leaves a parameter out."""
    whole = {"To": "+34600000000", "From": FROM, "Url": URL} | form
    return read_call_request(MultiDict([*((key, text) for key, text in whole.items() if text != "-"), *pairs]), {})


def refusal(**form: str) -> int:
    with pytest.raises(TwilioError) as refused:
        read(**form)
    return refused.value.code


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21201),
        ({"To": "600123456"}, 21211),
        ({"To": "sip:nobody"}, 21211),
        ({"From": ""}, 21213),
        ({"From": "911"}, 21212),
        ({"Url": ""}, 21205),
        ({"Url": "ftp://example.com/voice"}, 21205),
        ({"Url": "/voice"}, 21205),
        ({"Url": "http://[::1/voice"}, 21205),
        ({"Url": "http://127.0.0.1:99999/voice"}, 21205),
        ({"FallbackUrl": "voice"}, 21205),
        ({"StatusCallback": "nowhere"}, 21205),
        ({"Method": "PUT"}, 21209),
        ({"StatusCallback": URL, "StatusCallbackMethod": "HEAD"}, 21209),
        ({"StatusCallbackEvent": "picked-up"}, 20422),
        ({"Timeout": "soon"}, 21208),
        ({"Timeout": "0"}, 21208),
        ({"Timeout": "601"}, 21208),
        ({"TimeLimit": "-1"}, 20422),
        ({"TimeLimit": "9" * 5000}, 20422),
        ({"SendDigits": "12x"}, 21206),
        ({"SendDigits": "1" * 33}, 21206),
        ({"CallerId": "me"}, 21212),
        ({"Record": "true", "RecordingChannels": "stereo"}, 20422),
        ({"Record": "true", "RecordingTrack": "left"}, 20422),
        ({"Record": "true", "RecordingStatusCallbackEvent": "started"}, 20422),
        ({"Record": "true", "Trim": "a-bit"}, 20422),
        ({"MachineDetection": "Maybe"}, 21263),
        ({"MachineDetectionTimeout": "2"}, 21263),
        ({"MachineDetectionTimeout": "60"}, 21263),
        ({"MachineDetectionSpeechThreshold": "999"}, 21263),
        ({"MachineDetectionSpeechThreshold": "6001"}, 21263),
        ({"MachineDetectionSpeechEndThreshold": "499"}, 21263),
        ({"MachineDetectionSpeechEndThreshold": "5001"}, 21263),
        ({"MachineDetectionSilenceTimeout": "1999"}, 21263),
        ({"MachineDetectionSilenceTimeout": "10001"}, 21263),
        ({"ApplicationSid": "AP" + "0" * 32}, 21218),
        ({"Url": "-", "Twiml": "x" * 4001}, 32018),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_code(form: dict[str, str], code: int):
    assert refusal(**form) == code


def test_what_is_left_out_has_the_documented_default():
    request = read()
    assert (request.ring_seconds, request.time_limit_seconds) == (60, 14400)
    assert (request.voice.method, request.status_events, request.detection) == ("POST", ("completed",), "")
    assert (request.recording, request.send_digits, request.caller_id, request.warnings) == (None, "", "", [])


@pytest.mark.parametrize("to", ["sip:alice@example.com", "client:bob", "+34600000000"])
def test_numbers_sip_addresses_and_clients_can_be_called(to: str):
    assert read(To=to).to == to


def test_twiml_beside_a_url_is_ignored_with_a_warning():
    request = read(Twiml="<Response/>")
    assert (request.voice.url, request.twiml, request.warnings) == (URL, "", [32019])


def test_four_thousand_characters_of_twiml_are_accepted():
    assert len(read(Url="-", Twiml="x" * 4000).twiml) == 4000


def test_events_are_one_parameter_each_or_one_text():
    assert read(("StatusCallbackEvent", "initiated"), ("StatusCallbackEvent", "answered")).status_events == (
        "initiated",
        "answered",
    )
    assert read(StatusCallbackEvent="ringing completed").status_events == ("ringing", "completed")


@pytest.mark.parametrize(("text", "is_async"), [("true", True), ("True", True), ("false", False), ("", False)])
def test_async_amd_is_true_however_the_sdk_writes_it(text: str, is_async: bool):
    request = read(MachineDetection="Enable", AsyncAmd=text, AsyncAmdStatusCallback=URL)
    assert (request.detection_is_async, request.warnings) == (is_async, [])


def test_async_detection_without_an_address_for_its_result_is_warned_of():
    assert read(MachineDetection="Enable", AsyncAmd="true").warnings == [21262]


def test_digits_to_send_rule_machine_detection_out():
    request = read(MachineDetection="Enable", SendDigits="ww12#A*W")
    assert (request.send_digits, request.detection) == ("ww12#A*W", "")


def test_the_thresholds_of_detection_are_passed_on():
    request = read(
        MachineDetection="DetectMessageEnd",
        MachineDetectionTimeout="59",
        MachineDetectionSpeechThreshold="1000",
        MachineDetectionSpeechEndThreshold="5000",
        MachineDetectionSilenceTimeout="2000",
    )
    assert (request.detection_timeout_seconds, request.speech_threshold_ms) == (59, 1000)
    assert (request.speech_end_threshold_ms, request.silence_timeout_ms) == (5000, 2000)


def test_a_recording_has_its_channels_track_trim_and_news():
    order = read(
        ("RecordingStatusCallbackEvent", "in-progress"),
        ("RecordingStatusCallbackEvent", "absent"),
        Record="true",
        RecordingChannels="dual",
        RecordingTrack="inbound",
        RecordingStatusCallback=URL,
        RecordingStatusCallbackMethod="GET",
        Trim="do-not-trim",
    ).recording
    assert (order.channels, order.track, order.trim, order.source) == (2, "inbound", "do-not-trim", "OutboundAPI")
    assert (order.callback.url, order.callback.method, order.events) == (URL, "GET", ("in-progress", "absent"))
    assert read(Record="true").recording.trim == "trim-silence"


def test_an_application_decides_over_every_address_of_the_request():
    application = ApplicationRecord("AC1", voice_url="http://127.0.0.1/app", status_callback="http://127.0.0.1/news")
    form = {"To": "+34600000000", "From": FROM, "Url": URL, "StatusCallback": URL, "ApplicationSid": application.sid}
    request = read_call_request(MultiDict(form), {application.sid: application})
    assert request.application_sid == application.sid
    assert (request.voice.url, request.status_callback.url) == ("http://127.0.0.1/app", "http://127.0.0.1/news")


def show(simulator: SimulatorHandle, sid: str) -> dict[str, Any]:
    url = f"{simulator.base_url}/2010-04-01/Accounts/{simulator.account_sid}/Calls/{sid}.json"
    return dict(requests.get(url, auth=(simulator.account_sid, simulator.auth_token), timeout=60).json())


def test_an_answered_call_has_its_fields_in_the_shapes_of_the_reference(caller: Caller):
    sid = caller.call_to_the_end("cooperative", "<Pause length='3'/>")["sid"]
    body, uri = show(caller.simulator, sid), f"/2010-04-01/Accounts/{caller.simulator.account_sid}/Calls/{sid}"
    assert re.fullmatch("CA[0-9a-f]{32}", body["sid"])
    assert re.fullmatch("PN[0-9a-f]{32}", body["phone_number_sid"])
    assert re.fullmatch(r"[1-9]\d*", body["duration"])
    assert re.fullmatch(r"\d+", body["queue_time"])
    assert (body["api_version"], body["price_unit"], body["direction"]) == ("2010-04-01", "USD", "outbound-api")
    assert body["uri"] == f"{uri}.json"
    assert body["subresource_uris"] == {name: f"{uri}/{path}.json" for name, path in SUBRESOURCES.items()}
    for name in ("date_created", "date_updated", "start_time", "end_time"):
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", body[name]), name
    assert parsedate_to_datetime(body["start_time"]) <= parsedate_to_datetime(body["end_time"])
    nothing = ("parent_call_sid", "caller_name", "forwarded_from", "group_sid", "trunk_sid", "answered_by")
    assert [body[name] for name in nothing] == [None] * len(nothing)


def test_a_call_that_nobody_answered_has_no_duration_and_no_price(caller: Caller):
    body = show(caller.simulator, caller.call_to_the_end("always-busy", "<Hangup/>")["sid"])
    assert (body["status"], body["duration"], body["price"]) == ("busy", None, None)
    assert body["start_time"] is not None


def test_american_numbers_are_formatted_as_at_home(twilio: Client):
    call = twilio.calls.create(to="+12125550123", from_=FROM, url=URL)
    assert (call.to, call.to_formatted) == ("+12125550123", "(212) 555-0123")
    assert call.from_formatted == FROM
    twilio.calls(call.sid).update(status="completed")


def test_a_caller_that_is_not_owned_has_no_number_sid(twilio: Client):
    call = twilio.calls.create(to="+34600000000", from_="+34911111111", url=URL)
    assert call.phone_number_sid is None
    assert twilio.calls(call.sid).update(status="canceled").status == "canceled"


def test_an_application_is_called_by_its_sid(caller: Caller):
    caller.application.documents["/app"] = "<Response><Say>From the application</Say></Response>"
    base = caller.application.base_url
    made = caller.twilio.applications.create(
        friendly_name="Surveys",
        voice_url=f"{base}/app",
        voice_method="POST",
        status_callback=f"{base}/status",
    )
    ended = caller.call_to_the_end("silent", url=f"{base}/ignored", application_sid=made.sid)
    assert ended["transcript"][-1]["text"] == "From the application"
    assert caller.application.hits_at("/ignored") == []
    assert caller.application.wait_for_hit("/status").form["CallStatus"] == "completed"


def test_applications_are_listed_changed_and_deleted(twilio: Client):
    made = twilio.applications.create(friendly_name="First name", voice_url=URL)
    assert re.fullmatch("AP[0-9a-f]{32}", str(made.sid))
    assert twilio.applications(made.sid).update(friendly_name="Second name").voice_url == URL
    assert [entry.sid for entry in twilio.applications.list(friendly_name="Second name")] == [made.sid]
    assert twilio.applications(made.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        twilio.applications(made.sid).fetch()
    assert gone.value.code == 20404

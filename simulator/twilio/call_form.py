"""POST Calls.json: what Twilio accepts, in the order in which it refuses."""

import re
from collections.abc import Mapping
from typing import Any

from multidict import MultiMapping

from simulator.twilio.application_record import ApplicationRecord
from simulator.twilio.call_request import (
    LONGEST_CALL_SECONDS,
    Callback,
    CallRequest,
    read_callback,
    read_choice,
    read_events,
    read_flag,
    read_number,
    read_recording,
)
from simulator.twilio.errors import TwilioError

E164 = re.compile(r"\+[1-9]\d{6,14}")
ADDRESS = re.compile(r"(sip:[^@\s]+@[^@\s]+|client:\S+)")
SEND_DIGITS = re.compile(r"[0-9A-D#*wW]{0,32}")
CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
LONGEST_RING_SECONDS = 600
LONGEST_TWIML = 4000
TEMPLATES = "https://webhooks.twilio.com/v1/Voice/Template/"
TEMPLATE_TWIML = "<Response><Say>Hello. This is a practice call from a template.</Say></Response>"
BAD_DETECTION, UNREPORTED_DETECTION, TWIML_IGNORED = 21263, 21262, 32019

TRIAL_PARAMETERS = frozenset({"To", "From", "Url", "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent"})
"""Reports of what trial accounts may send disagree; this is the widest that was seen to work."""


def read_call_request(form: MultiMapping[Any], applications: Mapping[str, ApplicationRecord]) -> CallRequest:
    to, from_ = read_numbers(form)
    request = CallRequest(
        to=to,
        from_=from_,
        voice=None,
        ring_seconds=read_number(form, "Timeout", 60, code=21208, largest=LONGEST_RING_SECONDS),
        time_limit_seconds=read_number(form, "TimeLimit", LONGEST_CALL_SECONDS, code=20422),
        recording=read_recording(form),
        send_digits=read_send_digits(form),
        caller_id=read_caller_id(form),
        call_reason=str(form.get("CallReason", "")),
        **read_detection(form),
    )
    if form.get("ApplicationSid"):
        follow_application(request, str(form["ApplicationSid"]), applications)
    else:
        read_instructions(request, form)
    return request


def read_numbers(form: MultiMapping[Any]) -> tuple[str, str]:
    to, from_ = str(form.get("To", "")), str(form.get("From", ""))
    if not to:
        raise TwilioError(21201)
    if not from_:
        raise TwilioError(21213)
    if not is_dialable(from_):
        raise TwilioError(21212)
    if not is_dialable(to):
        raise TwilioError(21211)
    return to, from_


def is_dialable(address: str) -> bool:
    return bool(E164.fullmatch(address) or ADDRESS.fullmatch(address))


def follow_application(request: CallRequest, sid: str, applications: Mapping[str, ApplicationRecord]) -> None:
    """Its addresses are the ones that count; those of the request are ignored."""
    application = applications.get(sid)
    if application is None or not application.voice_url:
        raise TwilioError(21218)
    request.application_sid = sid
    request.voice = application.voice()
    request.status_callback = application.news()


def read_instructions(request: CallRequest, form: MultiMapping[Any]) -> None:
    """Either Url or Twiml; with both, Twiml is ignored."""
    voice, twiml = read_callback(form, "Url", method_name="Method"), str(form.get("Twiml", ""))
    if voice is None and not twiml:
        raise TwilioError(21205)
    if voice is None and len(twiml) > LONGEST_TWIML:
        raise TwilioError(32018)
    if voice and twiml:
        request.warnings.append(TWIML_IGNORED)
    request.voice, request.twiml = voice, "" if voice else twiml
    if voice and voice.url.startswith(TEMPLATES):
        request.voice, request.twiml = None, TEMPLATE_TWIML
    request.status_callback = read_callback(form, "StatusCallback")
    request.status_events = read_status_events(form)


def read_status_events(form: MultiMapping[Any]) -> tuple[str, ...]:
    events = read_events(form, "StatusCallbackEvent")
    for event in events:
        if event not in CALL_EVENTS:
            raise TwilioError(20422, f"StatusCallbackEvent is not valid: {event}")
    return events


def read_send_digits(form: MultiMapping[Any]) -> str:
    digits = str(form.get("SendDigits", ""))
    if not SEND_DIGITS.fullmatch(digits):
        raise TwilioError(21206)
    return digits


def read_caller_id(form: MultiMapping[Any]) -> str:
    caller_id = str(form.get("CallerId", ""))
    if caller_id and not is_dialable(caller_id):
        raise TwilioError(21212)
    return caller_id


def read_detection(form: MultiMapping[Any]) -> dict[str, Any]:
    """Digits to send rule detection out."""
    detection = read_choice(form, "MachineDetection", ("", "Enable", "DetectMessageEnd"), code=BAD_DETECTION)
    is_async, callback = read_flag(form, "AsyncAmd"), read_callback(form, "AsyncAmdStatusCallback")
    is_unreported = bool(detection) and is_async and callback is None
    return {
        "detection": "" if form.get("SendDigits") else detection,
        "detection_timeout_seconds": read_range(form, "MachineDetectionTimeout", 30, 3, 59),
        "detection_is_async": is_async,
        "detection_callback": callback,
        "speech_threshold_ms": read_range(form, "MachineDetectionSpeechThreshold", 2400, 1000, 6000),
        "speech_end_threshold_ms": read_range(form, "MachineDetectionSpeechEndThreshold", 1200, 500, 5000),
        "silence_timeout_ms": read_range(form, "MachineDetectionSilenceTimeout", 5000, 2000, 10000),
        "warnings": [UNREPORTED_DETECTION] if is_unreported else [],
    }


def read_range(form: MultiMapping[Any], name: str, default: int, smallest: int, largest: int) -> int:
    return read_number(form, name, default, code=BAD_DETECTION, smallest=smallest, largest=largest)


def check_trial_form(form: MultiMapping[Any], *, own_urls: bool) -> None:
    """Trial accounts may send few parameters and, as some report, only the addresses of Twilio's own templates."""
    is_foreign = not own_urls and not str(form.get("Url", "")).startswith(TEMPLATES)
    if is_foreign or set(form) - TRIAL_PARAMETERS:
        raise TwilioError(0)


def redirect_target(form: MultiMapping[Any]) -> Callback | str | None:
    """Of a call's update: a document's address, the document itself, or nothing; both are refused."""
    voice, twiml = read_callback(form, "Url", method_name="Method"), str(form.get("Twiml", ""))
    if voice and twiml:
        raise TwilioError(20422, "Url and Twiml exclude each other")
    if len(twiml) > LONGEST_TWIML:
        raise TwilioError(32018)
    return voice or twiml or None

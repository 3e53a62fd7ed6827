"""POST Calls.json: what Twilio accepts, in the order in which it refuses."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from multidict import MultiMapping

from simulator.twilio.errors import TwilioError

E164 = re.compile(r"\+[1-9]\d{6,14}")
SEND_DIGITS = re.compile(r"[0-9A-Da-d#*wW]{0,32}")
LONGEST_RING_SECONDS = 600
LONGEST_CALL_SECONDS = 14400
MAGIC_NUMBERS = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
BY_REST = "OutboundAPI"
Detection = Literal["", "Enable", "DetectMessageEnd"]


@dataclass(frozen=True)
class Callback:
    """A webhook with the fallback that is asked when it fails."""

    url: str
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"


@dataclass(frozen=True)
class RecordingOrder:
    channels: int
    source: str
    track: str = "both"
    callback: Callback | None = None
    events: tuple[str, ...] = ("completed",)
    trim: str = "do-not-trim"


@dataclass
class CallRequest:
    to: str
    from_: str
    voice: Callback | None
    twiml: str = ""
    status_callback: Callback | None = None
    status_events: tuple[str, ...] = ("completed",)
    ring_seconds: int = 60
    time_limit_seconds: int = LONGEST_CALL_SECONDS
    recording: RecordingOrder | None = None
    detection: Detection = ""
    detection_timeout_seconds: int = 30
    detection_is_async: bool = False
    detection_callback: Callback | None = None
    speech_threshold_ms: int = 2400
    speech_end_threshold_ms: int = 1200
    silence_timeout_ms: int = 5000
    send_digits: str = ""
    application_sid: str = ""
    caller_id: str = ""
    call_reason: str = ""
    warnings: list[int] = field(default_factory=list)


def read_call_request(form: MultiMapping[Any]) -> CallRequest:
    to, from_ = read_numbers(form)
    voice, twiml = read_instructions(form)
    return CallRequest(
        to=to,
        from_=from_,
        voice=voice,
        twiml=twiml,
        status_callback=read_callback(form, "StatusCallback"),
        status_events=read_events(form, "StatusCallbackEvent"),
        ring_seconds=read_number(form, "Timeout", 60, code=21208, largest=LONGEST_RING_SECONDS),
        time_limit_seconds=read_number(form, "TimeLimit", LONGEST_CALL_SECONDS, code=20001),
        recording=read_recording(form),
        **read_detection(form),
    )


def read_numbers(form: MultiMapping[Any]) -> tuple[str, str]:
    to, from_ = form.get("To", ""), form.get("From", "")
    if not to:
        raise TwilioError(21201)
    if not from_:
        raise TwilioError(21213)
    if not E164.fullmatch(from_) or from_ == "+15005550001":
        raise TwilioError(21212)
    if not E164.fullmatch(to):
        raise TwilioError(21211)
    if to in MAGIC_NUMBERS:
        raise TwilioError(MAGIC_NUMBERS[to])
    return to, from_


def read_instructions(form: MultiMapping[Any]) -> tuple[Callback | None, str]:
    voice = read_callback(form, "Url", method_name="Method")
    twiml = form.get("Twiml", "")
    if form.get("ApplicationSid"):
        raise TwilioError(21218)
    if voice is None and not twiml:
        raise TwilioError(21205)
    return voice, "" if voice else twiml


def read_callback(form: MultiMapping[Any], name: str, *, method_name: str = "") -> Callback | None:
    url = form.get(name, "")
    if not url:
        return None
    fallback = form.get("FallbackUrl", "") if name == "Url" else ""
    for address in filter(None, (url, fallback)):
        check_url(address)
    return Callback(
        url,
        read_method(form, method_name or f"{name}Method"),
        fallback,
        read_method(form, "FallbackMethod"),
    )


def check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TwilioError(21205, f"Url is not a valid URL: {url}")


def read_method(form: MultiMapping[Any], name: str) -> str:
    method = form.get(name, "POST").upper()
    if method not in ("GET", "POST"):
        raise TwilioError(21209)
    return method


def read_events(form: MultiMapping[Any], name: str) -> tuple[str, ...]:
    """One parameter per event; Twilio's own helpers also send several separated by spaces."""
    return tuple(event for value in form.getall(name, []) for event in value.split()) or ("completed",)


def read_number(
    form: MultiMapping[Any],
    name: str,
    default: int,
    *,
    code: int,
    smallest: int = 1,
    largest: int | None = None,
) -> int:
    text = form.get(name, "")
    if not text:
        return default
    if not text.isdigit() or int(text) < smallest:
        raise TwilioError(code)
    return min(int(text), largest) if largest else int(text)


def read_flag(form: MultiMapping[Any], name: str) -> bool:
    return bool(form.get(name, "").lower() == "true")


def read_recording(form: MultiMapping[Any]) -> RecordingOrder | None:
    if not read_flag(form, "Record"):
        return None
    return RecordingOrder(
        channels=2 if form.get("RecordingChannels") == "dual" else 1,
        source=BY_REST,
        track=form.get("RecordingTrack", "both"),
        callback=read_callback(form, "RecordingStatusCallback"),
        events=read_events(form, "RecordingStatusCallbackEvent"),
    )


def read_detection(form: MultiMapping[Any]) -> dict[str, Any]:
    detection = form.get("MachineDetection", "")
    if detection not in ("", "Enable", "DetectMessageEnd"):
        raise TwilioError(21263)
    if not SEND_DIGITS.fullmatch(form.get("SendDigits", "")):
        raise TwilioError(21206)
    is_async = read_flag(form, "AsyncAmd")
    callback = read_callback(form, "AsyncAmdStatusCallback")
    warnings = [21262] if detection and is_async and callback is None else []
    return {
        "detection": "" if form.get("SendDigits") else detection,
        "detection_timeout_seconds": read_number(form, "MachineDetectionTimeout", 30, code=21263),
        "detection_is_async": is_async,
        "detection_callback": callback,
        "warnings": warnings,
    }

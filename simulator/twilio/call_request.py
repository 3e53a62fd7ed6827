"""What an application asks of a call, and how single parameters of a form are read."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from multidict import MultiMapping

from simulator.twilio.errors import TwilioError

LONGEST_CALL_SECONDS = 14400
BY_REST = "OutboundAPI"
WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
RECORDING_EVENTS = ("in-progress", "completed", "absent")
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
    if not is_absolute(url):
        raise TwilioError(21205, f"Url is not a valid URL: {url}")


def is_absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


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
    if not WHOLE_NUMBER.fullmatch(text) or int(text) < smallest or (largest is not None and int(text) > largest):
        raise TwilioError(code, f"{name} is not valid: {text}")
    return int(text)


def read_choice(form: MultiMapping[Any], name: str, choices: tuple[str, ...], *, code: int = 20422) -> str:
    """The first choice is the one meant when the parameter is missing."""
    text = str(form.get(name, "") or choices[0])
    if text not in choices:
        raise TwilioError(code, f"{name} is not valid: {text}")
    return text


def read_flag(form: MultiMapping[Any], name: str) -> bool:
    """SDKs send Python's True as "True", too."""
    return bool(form.get(name, "").lower() == "true")


def read_recording(form: MultiMapping[Any]) -> RecordingOrder | None:
    if not read_flag(form, "Record"):
        return None
    return RecordingOrder(
        channels=2 if read_choice(form, "RecordingChannels", ("mono", "dual")) == "dual" else 1,
        source=BY_REST,
        track=read_choice(form, "RecordingTrack", ("both", "inbound", "outbound")),
        callback=read_callback(form, "RecordingStatusCallback"),
        events=read_recording_events(form),
        trim=read_choice(form, "Trim", ("trim-silence", "do-not-trim")),
    )


def read_recording_events(form: MultiMapping[Any]) -> tuple[str, ...]:
    events = read_events(form, "RecordingStatusCallbackEvent")
    for event in events:
        if event not in RECORDING_EVENTS:
            raise TwilioError(20422, f"RecordingStatusCallbackEvent is not valid: {event}")
    return events

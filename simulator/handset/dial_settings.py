"""The attributes of <Dial> and its nouns: https://www.twilio.com/docs/voice/twiml/dial."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast, get_args
from xml.etree import ElementTree

from simulator.handset.twiml import Document, is_true, read_seconds
from simulator.network import Network
from simulator.twilio.call_request import Callback, Detection, RecordingOrder
from simulator.twilio.errors import TwilioError

RING_SECONDS = 30
LONGEST_CALL_SECONDS = 14_400
DETECTION_SECONDS = 30
E164 = re.compile(r"\+[1-9]\d{6,14}")
WRONG_FORMAT, UNSUPPORTED, BLOCKED, WRONG_COUNTRY, NO_PERMISSION = 13223, 13224, 13225, 13226, 13227
CODES_OF_REST = {
    21211: WRONG_FORMAT,
    21214: UNSUPPORTED,
    21215: NO_PERMISSION,
    21216: BLOCKED,
    21217: UNSUPPORTED,
    21219: BLOCKED,
}
UNASSIGNED_COUNTRY_CODES = ("+210", "+214", "+215", "+217", "+219", "+28", "+699", "+83", "+89", "+999")
"""A few of the codes that belong to nobody (ITU-T E.164)."""


@dataclass(frozen=True)
class Callee:
    number: str
    send_digits: str = ""
    whisper: Callback | None = None
    status_callback: Callback | None = None
    status_events: tuple[str, ...] = ("completed",)
    detection: Detection = ""
    detection_seconds: int = DETECTION_SECONDS
    detection_callback: Callback | None = None


@dataclass(frozen=True)
class DialSettings:
    callees: tuple[Callee, ...]
    caller_id: str
    ring_seconds: int
    time_limit_seconds: int
    hangs_up_on_star: bool
    is_sequential: bool
    recording: RecordingOrder | None
    records_ringing: bool


def read_dial(verb: ElementTree.Element, document: Document, *, caller_id: str) -> DialSettings:
    """Without a callerId the new call comes from the number that the first one came from."""
    record = verb.get("record", "do-not-record")
    return DialSettings(
        callees=tuple(read_callees(verb, document)),
        caller_id=plain_number(verb.get("callerId", caller_id)),
        ring_seconds=int(read_seconds(verb, "timeout", RING_SECONDS)),
        time_limit_seconds=int(read_seconds(verb, "timeLimit", LONGEST_CALL_SECONDS)),
        hangs_up_on_star=is_true(verb, "hangupOnStar"),
        is_sequential=is_true(verb, "sequential"),
        recording=read_recording(verb, document, record),
        records_ringing=record.startswith("record-from-ringing"),
    )


def read_callees(verb: ElementTree.Element, document: Document) -> Iterator[Callee]:
    text = (verb.text or "").strip()
    if text:
        yield Callee(plain_number(text))
    for noun in verb.findall("Number"):
        detection = noun.get("machineDetection", "")
        yield Callee(
            number=plain_number(noun.text or ""),
            send_digits=noun.get("sendDigits", ""),
            whisper=document.wanted_callback(noun, "url"),
            status_callback=document.wanted_callback(noun, "statusCallback"),
            status_events=tuple(noun.get("statusCallbackEvent", "completed").split()),
            detection=cast(Detection, detection) if detection in get_args(Detection) else "",
            detection_seconds=int(read_seconds(noun, "machineDetectionTimeout", DETECTION_SECONDS)),
            detection_callback=document.wanted_callback(noun, "amdStatusCallback"),
        )


def read_recording(verb: ElementTree.Element, document: Document, record: str) -> RecordingOrder | None:
    if record != "true" and not record.startswith("record-from"):
        return None
    return RecordingOrder(
        channels=2 if record.endswith("-dual") else 1,
        source="DialVerb",
        track=verb.get("recordingTrack", "both"),
        callback=document.wanted_callback(verb, "recordingStatusCallback"),
        events=tuple(verb.get("recordingStatusCallbackEvent", "completed").split()),
        trim=verb.get("trim", "do-not-trim"),
    )


def plain_number(text: str) -> str:
    return re.sub(r"[\s().-]", "", text)


def refusal_code(network: Network, number: str) -> int:
    """Why the carrier does not dial this number, or 0. The codes for REST calls have their like here."""
    if not E164.fullmatch(number):
        return WRONG_FORMAT
    if number.startswith(UNASSIGNED_COUNTRY_CODES):
        return WRONG_COUNTRY
    faults = network.faults
    if number in faults.fail_calls_with and faults.strikes("fail_calls_with", number=number):
        code = int(faults.fail_calls_with[number])
        return CODES_OF_REST.get(code, code)
    try:
        network.account.check_callee(number)
    except TwilioError as error:
        return CODES_OF_REST.get(error.code, UNSUPPORTED)
    return 0


def is_allowed_caller(network: Network, number: str) -> bool:
    try:
        network.account.check_caller(number)
    except TwilioError:
        return False
    return E164.fullmatch(number) is not None

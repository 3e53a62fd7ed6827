"""What Twilio's schema allows in a document: deviations are warnings, and the default is used instead.

https://www.twilio.com/docs/voice/twiml
"""

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

PROMPTS = ("Say", "Play", "Pause")
METHOD = r"(?i)GET|POST"
BOOLEAN = r"(?i)true|false"
SECONDS = r"\d+(\.\d+)?"
WHOLE = r"\d+"
COUNT = r"[1-9]\d*"
DIGITS = r"[0-9A-Da-d#*wW]+"
RECORDING_CALLBACK = ("recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent")
STATUS_CALLBACK = ("statusCallback", "statusCallbackMethod", "statusCallbackEvent")

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "Say": ("voice", "language", "loop"),
    "Play": ("loop", "digits"),
    "Pause": ("length",),
    "Redirect": ("method",),
    "Hangup": (),
    "Leave": (),
    "Reject": ("reason",),
    "Gather": (
        *("input", "action", "method", "timeout", "speechTimeout", "maxSpeechTime", "finishOnKey", "numDigits"),
        *("language", "speechModel", "enhanced", "hints", "profanityFilter", "bargeIn", "actionOnEmptyResult"),
        *("partialResultCallback", "partialResultCallbackMethod", "debug", "dtmfDetection"),
    ),
    "Record": (
        *("action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim", "recordingTrack"),
        *("transcribe", "transcribeCallback", "recordingConfigurationId", *RECORDING_CALLBACK),
    ),
    "Dial": (
        *("action", "method", "timeout", "hangupOnStar", "timeLimit", "callerId", "record", "trim", "answerOnBridge"),
        *("ringTone", "sequential", "recordingTrack", "referUrl", "referMethod", "events", *RECORDING_CALLBACK),
        *("recordingConfigurationId", "passports"),
    ),
    "Number": (
        *("sendDigits", "url", "method", "byoc", "machineDetection", "machineDetectionTimeout", *STATUS_CALLBACK),
        *("machineDetectionSpeechThreshold", "machineDetectionSpeechEndThreshold", "machineDetectionSilenceTimeout"),
        *("amdStatusCallback", "amdStatusCallbackMethod"),
    ),
    "Recording": ("channels", "track", "trim", "recordingConfigurationId", *RECORDING_CALLBACK),
    "Start": ("action", "method"),
    "Stop": (),
    "Connect": ("action", "method"),
}
CHILDREN: dict[str, tuple[str, ...]] = {
    "Say": (
        *("break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "speak", "sub", "w", "voice", "mark"),
        "express-as",
    ),
    "Gather": PROMPTS,
    "Dial": ("Number", "Client", "Sip", "Conference", "Queue", "Sim", "Application", "WhatsApp"),
    "Start": ("Recording", "Stream", "Transcription", "Siprec"),
    "Stop": ("Recording", "Stream", "Transcription", "Siprec"),
}
CODE_OF_WRONG_CHILD = {"Gather": 13320, "Dial": 13215, "Start": 14300}
VALUES: dict[tuple[str, str], tuple[int, str]] = {
    ("Say", "loop"): (13510, WHOLE),
    ("Play", "loop"): (13410, WHOLE),
    ("Play", "digits"): (13430, DIGITS),
    ("Pause", "length"): (13910, SECONDS),
    ("Redirect", "method"): (13710, METHOD),
    ("Reject", "reason"): (13810, "rejected|busy"),
    ("Gather", "finishOnKey"): (13310, r"[0-9#*]*"),
    ("Gather", "method"): (13312, METHOD),
    ("Gather", "timeout"): (13313, SECONDS),
    ("Gather", "numDigits"): (13314, COUNT),
    ("Gather", "input"): (13326, "dtmf|speech|dtmf speech|speech dtmf"),
    ("Gather", "speechTimeout"): (13327, SECONDS + "|auto"),
    ("Gather", "maxSpeechTime"): (13328, COUNT),
    ("Gather", "partialResultCallbackMethod"): (13329, METHOD),
    ("Gather", "bargeIn"): (13332, BOOLEAN),
    ("Gather", "profanityFilter"): (13333, BOOLEAN),
    ("Gather", "actionOnEmptyResult"): (13338, BOOLEAN),
    ("Record", "method"): (13610, METHOD),
    ("Record", "timeout"): (13611, COUNT),
    ("Record", "maxLength"): (13612, COUNT),
    ("Record", "finishOnKey"): (13613, r"[0-9#*]*"),
    ("Record", "transcribe"): (13614, BOOLEAN),
    ("Record", "playBeep"): (13616, BOOLEAN),
    ("Record", "trim"): (13699, "trim-silence|do-not-trim"),
    ("Record", "recordingTrack"): (13622, "inbound|outbound|both"),
    ("Dial", "method"): (13210, METHOD),
    ("Dial", "timeout"): (13212, COUNT),
    ("Dial", "hangupOnStar"): (13213, BOOLEAN),
    ("Dial", "timeLimit"): (13216, COUNT),
    ("Dial", "record"): (
        13217,
        "do-not-record|true|false|record-from-answer|record-from-answer-dual|record-from-ringing|record-from-ringing-dual",
    ),
    ("Dial", "sequential"): (13218, BOOLEAN),
    ("Dial", "answerOnBridge"): (13219, BOOLEAN),
    ("Dial", "ringTone"): (13220, r"[a-z]{2}(-old|-tr)?"),
    ("Number", "method"): (13221, METHOD),
    ("Number", "sendDigits"): (13222, DIGITS),
}


def schema_warnings(verbs: Iterable[ElementTree.Element]) -> list[str]:
    """One complaint for everything that Twilio would ignore."""
    return [warning for verb in verbs for warning in warnings_of(verb)]


def warnings_of(verb: ElementTree.Element) -> Iterator[str]:
    known = ATTRIBUTES.get(verb.tag)
    for name, value in verb.attrib.items() if known is not None else ():
        if name not in (known or ()):
            yield f"12200 {verb.tag} has no attribute {name}"
        code, pattern = VALUES.get((verb.tag, name), (0, ""))
        if code and not re.fullmatch(pattern, value):
            yield f'{code} {verb.tag} {name}="{value}" is not valid'
    yield from warnings_of_children(verb)


def warnings_of_children(verb: ElementTree.Element) -> Iterator[str]:
    allowed = CHILDREN.get(verb.tag)
    if allowed is None:
        return
    wrong = [child.tag for child in verb if child.tag not in allowed]
    if wrong:
        yield f"{CODE_OF_WRONG_CHILD.get(verb.tag, 12200)} {verb.tag} cannot hold {', '.join(wrong)}"
    for child in verb:
        if child.tag in allowed:
            yield from warnings_of(child)

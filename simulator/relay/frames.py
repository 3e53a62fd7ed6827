"""The frames that an application receives (https://www.twilio.com/docs/voice/conversationrelay/websocket-messages)."""

from collections.abc import Mapping
from typing import Any

from simulator.relay.voice import Interruption
from simulator.twilio.call_record import CallRecord

Frame = dict[str, Any]
EVENT_OF = {
    "agentSpeaking": "speaker-events",
    "clientSpeaking": "speaker-events",
    "tokensPlayed": "tokens-played",
    "configUpdated": "config-updated",
}
"""Which word of the attribute `events` asks for which info frame."""


def setup(call: CallRecord, session_id: str, parameters: Mapping[str, str]) -> Frame:
    return {
        "type": "setup",
        "sessionId": session_id,
        "accountSid": call.account_sid,
        "parentCallSid": call.parent_call_sid or "",
        "callSid": call.sid,
        "from": call.from_,
        "to": call.to,
        "forwardedFrom": "",
        "callerName": "",
        "direction": call.direction,
        "callType": "PSTN",
        "callStatus": "IN_PROGRESS",
        "customParameters": dict(parameters),
    }


def prompt(words: str, language: str, *, is_last: bool) -> Frame:
    return {"type": "prompt", "voicePrompt": words, "lang": language, "last": is_last}


def dtmf(digit: str) -> Frame:
    return {"type": "dtmf", "digit": digit}


def interrupt(interruption: Interruption) -> Frame:
    return {
        "type": "interrupt",
        "utteranceUntilInterrupt": interruption.heard,
        "durationUntilInterruptMs": interruption.after_ms,
    }


def error(received: str) -> Frame:
    """The rejected frame is repeated as it came."""
    return {"type": "error", "description": f"Invalid message received, code: 64107, {received}"}


def info(name: str, value: str) -> Frame:
    return {"type": "info", "name": name, "value": value}

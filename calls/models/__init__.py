from calls.models.call import IN_FLIGHT, TERMINAL, AnsweredBy, Call, CallStatus
from calls.models.call_event import CallEvent
from calls.models.recording import Recording, RecordingStatus
from calls.models.speech_clip import SpeechClip
from calls.models.turn import Turn, TurnKind, TurnStatus
from calls.models.webhook_receipt import WebhookReceipt

__all__ = [
    "IN_FLIGHT",
    "TERMINAL",
    "AnsweredBy",
    "Call",
    "CallEvent",
    "CallStatus",
    "Recording",
    "RecordingStatus",
    "SpeechClip",
    "Turn",
    "TurnKind",
    "TurnStatus",
    "WebhookReceipt",
]

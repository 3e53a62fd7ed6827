"""What goes wrong at the speech service."""

from dataclasses import dataclass


@dataclass
class SpeechFaults:
    """speech_first_byte_ms: None is the network's own delay."""

    speech_first_byte_ms: float | None = None
    speech_status: int = 0

"""Whether what the person does cuts the assistant short."""

import tomllib
from functools import cache
from pathlib import Path

from simulator.handset.phone_line import speech_seconds

NEEDED_SECONDS = {"high": 0.0, "medium": 0.65, "low": 1.1}
"""Of speech before it interrupts, by interruptSensitivity. Twilio does not document the lengths."""
BACKCHANNELS = Path(__file__).parent / "backchannels.toml"


@cache
def backchannels() -> tuple[frozenset[str], int]:
    data = tomllib.loads(BACKCHANNELS.read_text("utf-8"))
    return frozenset(data["words"]), int(data["longest"])


def is_backchannel(utterance: str) -> bool:
    known, longest = backchannels()
    words = [word.strip(".,;:!?¡¿…").lower() for word in utterance.split()]
    return 0 < len(words) <= longest and all(word in known for word in words)


def lasts_long_enough(utterance: str, sensitivity: str) -> bool:
    return speech_seconds(utterance) >= NEEDED_SECONDS[sensitivity]

"""What was heard on the line and when."""

from dataclasses import dataclass, field
from typing import Literal

from simulator.sound.speech import Voice

Speaker = Literal["person", "assistant"]


@dataclass
class Sound:
    """One stretch of sound. `seconds` is how long it really lasted: barge-in cuts it short.

    is_interruption: it began while the other side was speaking, or is a word of attention that takes no turn.
    is_reaction: to what the assistant says, as all that a person says after picking up.
    """

    speaker: Speaker
    starts_at: float
    seconds: float
    text: str = ""
    voice: Voice | None = None
    pcm: bytes = b""
    was_cut: bool = False
    is_interruption: bool = False
    is_reaction: bool = False
    planned_seconds: float = 0.0

    def __post_init__(self) -> None:
        self.planned_seconds = self.planned_seconds or self.seconds


@dataclass
class Tape:
    """Offsets are seconds since the call was answered, as people live them (speed 1)."""

    sounds: list[Sound] = field(default_factory=list)

    def add(self, sound: Sound) -> Sound:
        self.sounds.append(sound)
        return sound

"""One thing that the application asked to be spoken, played or keyed, and what of it was heard."""

import re
from dataclasses import dataclass, field

from simulator.handset.phone_line import speech_seconds
from simulator.sound.speech import Voice
from simulator.twilio.call_record import TranscriptLine

CLAUSE_END = re.compile(r"[.!?;:,…]+(?=\s|$)|\n")


@dataclass
class Message:
    """Text up to the frame with `last`, one clip, or keys.

    interrupted_by: which input may cut it: speech, dtmf. is_preemptible: a later message may.
    """

    voice: Voice
    text: str = ""
    source: str = ""
    loop: int = 1
    digits: str = ""
    is_complete: bool = False
    interrupted_by: frozenset[str] = frozenset()
    is_preemptible: bool = False
    ready_at: float = 0.0
    started_at: float | None = None
    spoken: int = 0
    told: int = 0
    chunk: str = ""
    line: TranscriptLine | None = field(default=None)

    @property
    def is_exhausted(self) -> bool:
        return self.is_complete and self.spoken >= len(self.text)

    def next_chunk(self, *, is_pressed: bool = False) -> str:
        """Every whole clause there is; pressed for more, every whole word."""
        rest = self.text[self.spoken :]
        if self.is_complete:
            return rest
        ends = [match.end() for match in CLAUSE_END.finditer(rest)]
        if is_pressed and not ends:
            return rest[: rest.rfind(" ") + 1]
        return rest[: ends[-1]] if ends else ""

    def end_chunk(self) -> None:
        self.spoken += len(self.chunk)
        self.chunk = ""

    def clause_ends(self) -> list[tuple[float, int]]:
        """When each clause of the chunk but the last has been spoken, in seconds from its beginning."""
        ends = [match.end() for match in CLAUSE_END.finditer(self.chunk)]
        seconds = speech_seconds(self.chunk)
        return [(seconds * end / len(self.chunk), self.spoken + end) for end in ends if end < len(self.chunk.rstrip())]

    def heard(self, words: str) -> str:
        """All of it so far; `words` of the chunk under way have been heard."""
        lead = self.chunk[: len(self.chunk) - len(self.chunk.lstrip())]
        return self.text[: self.spoken] + (lead + words if words else "")

    def take_untold(self, until: int) -> str:
        """The words before `until` that the application has not been told of."""
        words, self.told = self.text[self.told : until], max(self.told, until)
        return words

"""When each character of a text is heard.

The synthesizer tells no times of single sounds: they are spread over the length of the speech, a mark of punctuation
weighing as much as the pause after it.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate, pairwise

PAUSES = {",": 3.0, ";": 3.0, ":": 3.0, ".": 5.0, "!": 5.0, "?": 5.0, "…": 5.0}


@dataclass(frozen=True)
class Alignment:
    characters: list[str]
    starts: list[float]
    ends: list[float]

    def body(self) -> dict[str, list[str] | list[float]]:
        return {
            "characters": self.characters,
            "character_start_times_seconds": self.starts,
            "character_end_times_seconds": self.ends,
        }

    def between(self, begins: float, ends: float) -> "Alignment | None":
        """Those characters that begin in this stretch."""
        part = slice(bisect_left(self.starts, begins), bisect_left(self.starts, ends))
        if part.start == part.stop:
            return None
        return Alignment(self.characters[part], self.starts[part], self.ends[part])


def align(text: str, seconds: float) -> Alignment:
    weights = [PAUSES.get(character, 1.0) for character in text]
    total = sum(weights)
    marks = [round(seconds * weight / total, 3) for weight in accumulate(weights, initial=0.0)]
    spans = list(pairwise(marks))
    return Alignment(list(text), [start for start, _ in spans], [end for _, end in spans])

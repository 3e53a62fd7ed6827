"""A turn that the door has asked for and is speaking: what came, from which attempt, and what to wait for next."""

from dataclasses import dataclass, field

from calls.turn_stream import Entry, EntryKind

CHARACTERS_A_SECOND = 15
"""How fast a voice speaks, when the carrier does not tell us that it has finished."""


@dataclass(slots=True)
class OpenTurn:
    sequence: int
    heard: str = ""
    asked_attempt: int = 1
    live_attempt: int = 0
    said: list[str] = field(default_factory=list)
    end_reason: str = ""
    is_done: bool = False

    @property
    def text(self) -> str:
        return "".join(self.said)

    @property
    def speaking_seconds(self) -> float:
        return len(self.text) / CHARACTERS_A_SECOND

    def take(self, entry: Entry) -> bool:
        """Learn from an entry; False when it belongs to another turn or to an attempt that was given up."""
        if self.is_done or entry.sequence != self.sequence or entry.attempt < self.live_attempt:
            return False
        self.live_attempt = entry.attempt
        if entry.kind == EntryKind.WORDS:
            self.said.append(entry.text)
        elif entry.kind == EntryKind.ENDS_CALL:
            self.end_reason = entry.text
        elif entry.kind == EntryKind.DONE:
            self.is_done = True
        return True

    def heard_part(self, utterance: str) -> str:
        """What the person had heard, when the carrier tells the last words it spoke before the interruption."""
        position = self.text.rfind(utterance)
        return self.text[: position + len(utterance)] if utterance and position >= 0 else utterance

"""How the assistant's words leave: as text tokens for `relay`, as a clip for each sentence for `gather`."""

from collections.abc import Callable
from typing import Protocol

from callcenter import clock
from calls.conversation.checker import objection
from calls.conversation.speech_text import plain
from calls.turn_stream import TurnWriter

COALESCE_SECONDS = 0.02


class WordsRefused(Exception):
    """The checker objects, and says why: what was said until here stands, and nothing of the model follows."""

    def __init__(self, objection: str) -> None:
        super().__init__(objection)
        self.objection = objection


class Mouth(Protocol):
    """`said` is what was handed over so far."""

    said: str

    def say(self, text: str) -> None:
        """Some more words. Raises `WordsRefused`, or `TurnCanceled` when the person interrupted."""

    def finish(self) -> None:
        """This answer has no more words; another answer may follow."""

    def drop(self) -> None:
        """Forget the words that wait to be spoken."""

    def end_call(self, reason: str) -> None:
        """The call ends after these words."""

    def close(self) -> None:
        """The turn is over."""


class RelayMouth:
    """Tokens go out as they come, but not more often than every 20 ms."""

    def __init__(self, writer: TurnWriter, when_spoken: Callable[[], None]) -> None:
        self.said = ""
        self._writer = writer
        self._when_spoken = when_spoken
        self._waiting = ""
        self._spoken_at = 0.0

    def say(self, text: str) -> None:
        self._waiting += plain(text)
        if clock.monotonic() - self._spoken_at >= COALESCE_SECONDS:
            self._speak()

    def finish(self) -> None:
        self._speak()

    def drop(self) -> None:
        self._waiting = ""

    def end_call(self, reason: str) -> None:
        self._writer.ends_call(reason)

    def close(self) -> None:
        self._speak()

    def _speak(self) -> None:
        words, self._waiting = self._waiting, ""
        if not words:
            return
        if problem := objection(self.said + words):
            raise WordsRefused(problem)
        self._writer.words(words)
        self.said += words
        self._spoken_at = clock.monotonic()
        self._when_spoken()

"""What people and machines do of their own accord, and when."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from simulator.people.words import last_question, means, plain

Ending = Literal["listen", "leave", "hang-up"]
BUILT_IN = ("question", "statement", "silence", "anything")


@dataclass(frozen=True)
class Situation:
    """What a person knows at a chance to speak.

    turn: counts the chances, from 1. silence: how often nobody has spoken, in a row.
    keys: tones that the assistant has pressed. talked_seconds: speech of both sides since the answer.
    """

    turn: int
    attempt: int
    heard: str = ""
    keys: str = ""
    silence: int = 0
    talked_seconds: float = 0.0


@dataclass(frozen=True)
class Step:
    """All the conditions that are given must hold; the first step in the file that fits is followed.

    turn: at the Nth chance to speak.
    when: what was heard: `question`, `statement`, `silence` (nobody speaks), `anything`, or a name of `[understands]`
        in the word files, such as `greeting`, `price`, `repeat_request`.
    heard: a regular expression, searched in what was heard in lower case and without accents.
    keys: a regular expression for the whole of the keys that the assistant has pressed.
    after_seconds: not before so many seconds of speech, of both sides together. Pauses do not count, so that it does
        not depend on how busy the machine is.
    attempts: only when the number is called for the nth time.
    share: how likely it is, from 0 to 1, each time that the rest holds.
    repeat: may happen again and again; otherwise once in a call.

    say: one of these sentences. reply: or one of a list of `[replies]`. press: keys, w is half a second of waiting.
    barge_in_after: seconds into the assistant's words at which it happens, instead of waiting for their end.
    wait_seconds: silence before it. language: spoken from then on. voice: somebody else speaks from then on.
    then: `listen` goes on, `leave` hangs up once the assistant has spoken again, `hang-up` does so at once.
    """

    turn: int = 0
    when: str = ""
    heard: str = ""
    keys: str = ""
    after_seconds: float = 0.0
    attempts: tuple[int, ...] = ()
    share: float = 1.0
    repeat: bool = False
    say: tuple[str, ...] = ()
    reply: str = ""
    press: str = ""
    barge_in_after: float | None = None
    wait_seconds: float = 0.0
    language: str = ""
    voice: str = ""
    then: Ending = "listen"

    def fits(self, situation: Situation) -> bool:
        """Leaves chance aside."""
        return (
            self.is_due(situation.turn, situation.attempt)
            and situation.talked_seconds >= self.after_seconds
            and self._fits_silence(situation)
            and (not self.heard or bool(compiled(self.heard).search(plain(situation.heard))))
            and (not self.keys or bool(compiled(self.keys).fullmatch(situation.keys)))
        )

    def is_due(self, turn: int, attempt: int) -> bool:
        return self.turn in (0, turn) and attempt in (self.attempts or (attempt,))

    def _fits_silence(self, situation: Situation) -> bool:
        if situation.silence:
            return self.when == "silence"
        return not self.when or is_meant(self.when, situation.heard)


def is_meant(when: str, heard: str) -> bool:
    question = last_question(heard)
    if when == "question":
        return bool(question)
    if when == "statement":
        return bool(heard.strip()) and not question
    if when in BUILT_IN:
        return when == "anything" and bool(heard.strip())
    return means(heard, when)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)

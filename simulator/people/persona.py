"""Kinds of people and of machines."""

from dataclasses import dataclass
from typing import Literal

from simulator.people.menu import Place
from simulator.people.step import Step

Outcome = Literal["answer", "busy", "no-answer", "unreachable"]
Machine = Literal["", "voicemail", "voicemail-no-beep", "voicemail-full", "announcement", "fax", "screening", "ivr"]


class PersonaError(ValueError):
    """A persona file that cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Persona:
    """The line and what it does:

    weight: compared with those of the others that fit the number. prefixes: of the numbers it may own; empty: all.
    outcomes: what the line does, by attempt; the last one repeats.
    becomes_other: from the second attempt on, the number is answered by another persona.
    ring_seconds: shortest and longest time until the answer.
    machine: what picks up, when it is no person; `is_machine = true` in a file means a voicemail.
    menu: the places of an `ivr` or `screening`.
    records_seconds: how long a machine records before it hangs up.

    How somebody talks:

    language: which word files it speaks. replies: `[replies]`, words instead of those of the language.
    thinking_seconds: shortest and longest time before an answer, after pause_seconds of silence.
    patience_seconds: silence after which somebody asks whether anyone is there; nudges: how often, before hanging up.
    longest_turns: chances to speak after which it says goodbye.
    agreement: how likely a yes-or-no question gets a yes.
    hesitates, rambles, asks_again: how likely an answer begins with a hesitation, continues with more sentences, or is
        a request to repeat.
    murmurs, interrupts: how likely a sign of attention ("aja") or a real interruption falls into the assistant's words.
    garbles: how likely each word is lost between a noisy line and its recogniser.
    is_silent: picks up and says nothing.
    steps: what it does of its own accord.
    """

    name: str
    language: str
    weight: float = 1.0
    prefixes: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ("answer",)
    becomes_other: bool = False
    ring_seconds: tuple[float, float] = (2.0, 7.0)
    machine: Machine = ""
    menu: tuple[Place, ...] = ()
    records_seconds: float = 60.0
    thinking_seconds: tuple[float, float] = (0.4, 1.3)
    pause_seconds: float = 0.7
    patience_seconds: float = 7.0
    nudges: int = 2
    longest_turns: int = 40
    agreement: float = 0.85
    hesitates: float = 0.0
    rambles: float = 0.0
    asks_again: float = 0.0
    murmurs: float = 0.0
    interrupts: float = 0.0
    garbles: float = 0.0
    is_silent: bool = False
    steps: tuple[Step, ...] = ()
    replies: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_machine(self) -> bool:
        return self.machine != ""

    def outcome(self, attempt: int) -> Outcome:
        return self.outcomes[min(attempt, len(self.outcomes)) - 1]

    def own_replies(self) -> dict[str, list[str]]:
        return {intent: list(variants) for intent, variants in self.replies}

    def place(self, name: str) -> Place:
        return next(place for place in self.menu if place.name == name)

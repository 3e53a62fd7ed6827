"""Kinds of people, one TOML file each."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Outcome = Literal["answer", "busy", "no-answer", "unreachable"]
Ending = Literal["listen", "leave", "hang-up"]
Machine = Literal["", "voicemail", "voicemail-no-beep", "voicemail-full", "announcement", "fax", "screening", "ivr"]


class PersonaError(ValueError):
    """A persona file that cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True)
class Step:
    """What a persona does of its own accord at its Nth chance to speak.

    barge_in_after: seconds into the assistant's words at which it happens, instead of waiting for their end.
    then: `listen` goes on, `leave` hangs up once the assistant has spoken again, `hang-up` does so at once.
    """

    turn: int
    say: tuple[str, ...] = ()
    press: str = ""
    barge_in_after: float | None = None
    then: Ending = "listen"
    attempts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Persona:
    """`outcomes` is what the line does, by attempt; the last one repeats.

    becomes_other: from the second attempt on, the number is answered by another persona.
    machine: what picks up, when it is no person; `is_machine = true` in a file means a voicemail.
    agreement: how likely a yes-or-no question gets a yes.
    """

    name: str
    language: str
    weight: float = 1.0
    prefixes: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ("answer",)
    becomes_other: bool = False
    ring_seconds: tuple[float, float] = (2.0, 7.0)
    thinking_seconds: tuple[float, float] = (0.4, 1.3)
    agreement: float = 0.85
    machine: Machine = ""
    is_silent: bool = False
    steps: tuple[Step, ...] = ()
    replies: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_machine(self) -> bool:
        return self.machine != ""

    def outcome(self, attempt: int) -> Outcome:
        return self.outcomes[min(attempt, len(self.outcomes)) - 1]

    def step_for(self, turn: int, attempt: int) -> Step | None:
        fitting = (step for step in self.steps if step.turn == turn and attempt in (step.attempts or (attempt,)))
        return next(fitting, None)

    def own_replies(self) -> dict[str, list[str]]:
        return {intent: list(variants) for intent, variants in self.replies}


def read_personas(folder: Path) -> dict[str, Persona]:
    personas = {path.stem: read_persona(path) for path in sorted(folder.glob("*.toml"))}
    if not personas:
        raise PersonaError(f"{folder}: no persona files")
    return personas


def read_persona(path: Path) -> Persona:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        return build_persona(path.stem, data)
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise PersonaError(f"{path.name}: {error}") from error


def build_persona(name: str, data: dict[str, Any]) -> Persona:
    steps = tuple(Step(**as_tuples(step)) for step in data.pop("steps", ()))
    if data.pop("is_machine", False):
        data.setdefault("machine", "voicemail")
    replies = tuple((intent, tuple(variants)) for intent, variants in data.pop("replies", {}).items())
    return Persona(name=name, steps=steps, replies=replies, **as_tuples(data))


def as_tuples(data: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}

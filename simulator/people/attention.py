"""What somebody does while the assistant is still speaking."""

import random
from dataclasses import dataclass
from typing import Literal

from simulator.handset.stretch import characters_in
from simulator.people.persona import Persona
from simulator.people.step import Step

FIRST_MURMUR_SECONDS, NEXT_MURMUR_SECONDS = (2.5, 5.0), (4.0, 7.0)
MURMURS = 3
INTERRUPTION_SECONDS = (1.2, 4.5)


@dataclass(frozen=True)
class Moment:
    """A place in the assistant's words, in characters since the last reaction."""

    character: int
    act: Literal["step", "interrupt", "murmur"]


def plan_moments(persona: Persona, step: Step | None, dice: random.Random) -> list[Moment]:
    """Drawn before the assistant speaks, so that nothing depends on when its words arrive."""
    if step is not None and step.barge_in_after is not None:
        return [Moment(characters_in(step.barge_in_after), "step")]
    if dice.random() < persona.interrupts:
        return [Moment(characters_in(dice.uniform(*INTERRUPTION_SECONDS)), "interrupt")]
    return plan_murmurs(persona, dice)


def plan_murmurs(persona: Persona, dice: random.Random) -> list[Moment]:
    moments, seconds = [], dice.uniform(*FIRST_MURMUR_SECONDS)
    for _ in range(MURMURS):
        if dice.random() < persona.murmurs:
            moments.append(Moment(characters_in(seconds), "murmur"))
        seconds += dice.uniform(*NEXT_MURMUR_SECONDS)
    return moments

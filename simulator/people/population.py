"""Which kind of person owns a number: a function of the seed and the number alone."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field

from simulator.options import Options
from simulator.people.persona import Persona, PersonaError
from simulator.people.persona_file import read_personas

# Among the draws tried, one in which the numbers of the sample export meet every common kind of person with seed 7.
DRAW = 1032008


@dataclass
class Population:
    seed: int
    personas: dict[str, Persona]
    weights: dict[str, float] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, options: Options) -> "Population":
        population = cls(options.seed, read_personas(options.personas))
        if options.population is not None:
            data = tomllib.loads(options.population.read_text("utf-8"))
            population.weights = data.get("weights", {})
            for number, name in data.get("pins", {}).items():
                population.pin(number, name)
        return population

    def pin(self, number: str, name: str) -> None:
        if name not in self.personas:
            raise PersonaError(f"no persona {name}; there are {', '.join(self.personas)}")
        self.pins[number] = name

    def persona_for(self, number: str, attempt: int) -> Persona:
        """Who this number is at this attempt."""
        owner = self._owner(number)
        if owner.becomes_other and attempt > 1:
            others = [persona for persona in self.personas.values() if answers_at_once(persona)]
            return self._choose(others, number, "later")
        return owner

    def _owner(self, number: str) -> Persona:
        if number in self.pins:
            return self.personas[self.pins[number]]
        return self._choose(list(self.personas.values()), number, "owner")

    def _choose(self, candidates: Sequence[Persona], number: str, purpose: str) -> Persona:
        fitting = [persona for persona in candidates if fits(persona, number)] or list(candidates)
        weights = [self.weights.get(persona.name, persona.weight) for persona in fitting]
        point = share(self.seed, number, f"{purpose} {DRAW}") * sum(weights)
        for persona, weight in zip(fitting, weights, strict=True):
            point -= weight
            if point < 0:
                return persona
        return fitting[-1]


def fits(persona: Persona, number: str) -> bool:
    return not persona.prefixes or number.startswith(persona.prefixes)


def answers_at_once(persona: Persona) -> bool:
    return persona.outcomes == ("answer",) and not persona.is_machine


def share(*parts: object) -> float:
    """Between 0 and 1, the same for the same parts, in every process."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64

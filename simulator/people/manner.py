"""How somebody says it: hesitant, talkative, with a word before or after."""

import random
import re
from collections.abc import Mapping, Sequence

from simulator.people.persona import Persona
from simulator.people.spoken import fill

EMBELLISHED_SHARE = 0.45
LONGEST_RAMBLE = 3
GREETING = re.compile(r"hola|buen|hi\b|hello", re.IGNORECASE)
Pieces = Mapping[str, Sequence[str]]


class Manner:
    def __init__(self, persona: Persona, pieces: Pieces, language: str) -> None:
        self._persona, self._pieces, self._language = persona, pieces, language
        self._told: set[str] = set()

    def fill(self, text: str, dice: random.Random, named: Pieces) -> str:
        """`named`: what the question named, beside the pieces of the language."""
        return fill(text, {**self._pieces, **named}, dice, self._language)

    def embellish(self, core: str, dice: random.Random, *, agrees: bool = False) -> str:
        if dice.random() < self._persona.hesitates:
            return dice.choice(self._pieces["hesitation"]) + lower_first(core)
        if dice.random() < EMBELLISHED_SHARE and not begins_already(core, self._pieces["before"]):
            core = dice.choice(self._pieces["before"]) + lower_first(core)
        if agrees and dice.random() < EMBELLISHED_SHARE / 2 and "," not in core and not core.endswith(("?", "!")):
            core += dice.choice(self._pieces["after"])
        return core

    def ramble(self, answer: str, dice: random.Random) -> str:
        """Some tell more than they were asked, and each thing once."""
        untold = [aside for aside in self._pieces["asides"] if aside not in self._told]
        if dice.random() >= self._persona.rambles or not untold:
            return answer
        asides = dice.sample(untold, min(len(untold), dice.randint(1, LONGEST_RAMBLE)))
        self._told.update(asides)
        ended = answer if answer.endswith((".", "?", "!", "…")) else f"{answer}."
        return " ".join([ended, *asides])


def begins_already(core: str, fillers: Sequence[str]) -> bool:
    """With a filler of its own, or with a greeting."""
    return core.startswith(tuple(filler.strip(" ,") for filler in fillers)) or bool(GREETING.match(core))


def lower_first(text: str) -> str:
    return text if text.startswith(("¿", "¡", "I'", "I ")) else text[:1].lower() + text[1:]


def garble(words: str, share: float, dice: random.Random) -> str:
    """What a recogniser makes of a noisy line: some words are lost, never all."""
    kept = [word for word in words.split() if dice.random() >= share]
    return " ".join(kept) or words

"""How somebody says it: hesitant, talkative, with a word before or after."""

import random
from collections.abc import Mapping, Sequence

from simulator.people.persona import Persona
from simulator.people.spoken import fill

EMBELLISHED_SHARE = 0.45
LONGEST_RAMBLE = 3


class Manner:
    def __init__(self, persona: Persona, pieces: Mapping[str, Sequence[str]], language: str) -> None:
        self._persona, self._pieces, self._language = persona, pieces, language

    def fill(self, text: str, dice: random.Random) -> str:
        return fill(text, self._pieces, dice, self._language)

    def embellish(self, core: str, dice: random.Random) -> str:
        if dice.random() < self._persona.hesitates:
            return dice.choice(self._pieces["hesitation"]) + lower_first(core)
        if dice.random() < EMBELLISHED_SHARE:
            core = dice.choice(self._pieces["before"]) + lower_first(core)
        if dice.random() < EMBELLISHED_SHARE / 2 and "," not in core and not core.endswith(("?", "!")):
            core += dice.choice(self._pieces["after"])
        return core

    def ramble(self, answer: str, dice: random.Random) -> str:
        """Some tell more than they were asked."""
        if dice.random() >= self._persona.rambles:
            return answer
        asides = dice.sample(list(self._pieces["asides"]), dice.randint(1, LONGEST_RAMBLE))
        ended = answer if answer.endswith((".", "?", "!", "…")) else f"{answer}."
        return " ".join([ended, *asides])


def lower_first(text: str) -> str:
    return text if text.startswith(("¿", "¡", "I'", "I ")) else text[:1].lower() + text[1:]


def garble(words: str, share: float, dice: random.Random) -> str:
    """What a recogniser makes of a noisy line: some words are lost, never all."""
    kept = [word for word in words.split() if dice.random() >= share]
    return " ".join(kept) or words

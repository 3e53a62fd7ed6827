"""What a person says to what was said: no sound, no waiting, no chance but its own dice."""

import random
from dataclasses import dataclass

from simulator.people.persona import Ending, Persona, Step
from simulator.people.words import last_question, means, read_words

QUESTION_INTENTS = (
    "still_there",
    "more",
    "identity",
    "email",
    "address",
    "amount",
    "moment",
    "reason",
    "opinion",
)
EMBELLISHED_SHARE = 0.45
UNSURE_SHARE = 0.08


@dataclass(frozen=True)
class Reaction:
    say: str = ""
    press: str = ""
    then: Ending = "listen"


class Mind:
    def __init__(self, persona: Persona, attempt: int, dice: random.Random) -> None:
        self._persona, self._attempt, self._dice = persona, attempt, dice
        words = read_words(persona.language)
        self._replies = words.replies | persona.own_replies()
        self._pieces = words.pieces
        self._used: set[str] = set()
        self._turn = 0

    def pick_up(self) -> str:
        return "" if self._persona.is_silent else self._choose("pick_up")

    def nudge(self) -> str:
        return self._choose("nudge")

    def next_step(self) -> Step | None:
        return self._persona.step_for(self._turn + 1, self._attempt)

    def react(self, heard: str) -> Reaction:
        """To everything the assistant said since this person's last words."""
        step = self.next_step()
        self._turn += 1
        if step is not None:
            return self._follow(step)
        question = last_question(heard)
        if means(heard, "goodbye") and not question:
            return Reaction(self._choose("goodbye"), then="leave")
        if not question:
            return Reaction(self._embellish("go_ahead" if self._turn == 1 else "acknowledge"))
        return Reaction(self._answer(question))

    def _follow(self, step: Step) -> Reaction:
        say = self._vary(list(step.say)) if step.say else ""
        return Reaction(say, step.press, step.then)

    def _answer(self, question: str) -> str:
        intent = next((intent for intent in QUESTION_INTENTS if means(question, intent)), "")
        if intent in ("still_there", "more", "identity"):
            return self._choose(intent)
        if self._dice.random() < UNSURE_SHARE:
            return self._choose("unsure")
        return self._embellish(intent or ("yes" if self._dice.random() < self._persona.agreement else "no"))

    def _embellish(self, intent: str) -> str:
        core = self._choose(intent)
        if self._dice.random() < EMBELLISHED_SHARE:
            core = self._dice.choice(self._pieces["before"]) + lower_first(core)
        if self._dice.random() < EMBELLISHED_SHARE / 2 and "," not in core:
            core += self._dice.choice(self._pieces["after"])
        return core

    def _choose(self, intent: str) -> str:
        return self._vary(self._replies[intent])

    def _vary(self, variants: list[str]) -> str:
        """Nobody says the same sentence twice in one call, as long as there are others."""
        chosen = self._dice.choice([text for text in variants if text not in self._used] or variants)
        self._used.add(chosen)
        return chosen


def lower_first(text: str) -> str:
    return text if text.startswith(("¿", "I'", "I ")) else text[:1].lower() + text[1:]

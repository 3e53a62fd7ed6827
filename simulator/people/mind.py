"""What a person says to what was said: no sound, no waiting, no chance but its own dice."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.people.asking import gender_asked, intent_of, named_choices
from simulator.people.manner import Manner, Pieces, lower_first
from simulator.people.persona import Persona
from simulator.people.step import Ending, Situation, Step
from simulator.people.words import last_question, means, plain, read_words

PLAIN_INTENTS = ("still_there", "more", "identity")
UNSURE_INTENTS = ("", "reason", "opinion", "moment")
UNSURE_SHARE = 0.08
SAME_WORDS_BEFORE_LEAVING = 5
SAME_SENTENCE_BEFORE_LEAVING = 4


@dataclass(frozen=True)
class Reaction:
    """wait_seconds: silence before it."""

    say: str = ""
    press: str = ""
    then: Ending = "listen"
    wait_seconds: float = 0.0


class Mind:
    """`language` and `voice` may change in the middle of a call."""

    def __init__(self, persona: Persona, attempt: int, dice: random.Random) -> None:
        self._persona, self._attempt = persona, attempt
        self._lot = dice.getrandbits(64)
        self.language, self.voice = persona.language, ""
        self._said: Counter[str] = Counter()
        self._heard: Counter[str] = Counter()
        self._followed: set[Step] = set()
        self._last_said = ""
        self._is_worn_out = self._asked_again = False
        self._turn = 0
        self._read_words()

    def _read_words(self) -> None:
        words = read_words(self.language)
        self._own = self._persona.own_replies()
        self._replies = words.replies | self._own
        self._manner = Manner(self._persona, words.pieces, self.language)

    def dice(self, purpose: str) -> random.Random:
        """Thrown anew for each purpose and turn: one throw more here changes nothing elsewhere."""
        return random.Random(f"{self._lot}|{purpose}|{self._turn}|{sum(self._said.values())}")

    def pick_up(self) -> str:
        return "" if self._persona.is_silent else self._choose("pick_up")

    def murmur(self, purpose: str) -> str:
        return self.dice(purpose).choice(self._replies["murmur"])

    def nudge(self, silence: int = 1) -> Reaction:
        """Nobody has spoken, for the nth time in a row."""
        step = self._step_for(Situation(self._turn + 1, self._attempt, silence=silence))
        return self._follow(step) if step else Reaction(self._choose("nudge"))

    def interrupt(self) -> Reaction:
        return self._unless_worn_out(Reaction(self._choose("interrupt")))

    def next_step(self) -> Step | None:
        """That cuts in during the assistant's next words."""
        fitting = (step for step in self._open_steps(self._turn + 1) if step.barge_in_after is not None)
        return next(fitting, None)

    def react(self, heard: str, *, keys: str = "", talked_seconds: float = 0.0) -> Reaction:
        """To everything the assistant said since this person's last words."""
        self._turn += 1
        self._heard[plain(heard)] += 1
        situation = Situation(self._turn, self._attempt, heard, keys, talked_seconds=talked_seconds)
        step = self._step_for(situation)
        if step is not None:
            return self._unless_worn_out(self._follow(step))
        if self._turn > self._persona.longest_turns or self._heard[plain(heard)] > SAME_WORDS_BEFORE_LEAVING:
            return self._leave()
        return self._unless_worn_out(self._converse(heard))

    def _open_steps(self, turn: int) -> list[Step]:
        numbered = enumerate(self._persona.steps)
        steps = [(place, step) for place, step in numbered if step.repeat or step not in self._followed]
        return [step for place, step in steps if step.is_due(turn, self._attempt) and self._is_lucky(step, place, turn)]

    def _is_lucky(self, step: Step, place: int, turn: int) -> bool:
        return step.share >= 1 or random.Random(f"{self._lot}|step {place}|{turn}").random() < step.share

    def _step_for(self, situation: Situation) -> Step | None:
        return next((step for step in self._open_steps(situation.turn) if step.fits(situation)), None)

    def _follow(self, step: Step) -> Reaction:
        self._followed.add(step)
        if step.language:
            self.language = step.language
            self._read_words()
        self.voice = step.voice or self.voice
        variants = [*step.say, *(self._replies[step.reply] if step.reply else ())]
        say = self._vary(variants) if variants else ""
        return Reaction(say, step.press, step.then, step.wait_seconds)

    def _leave(self) -> Reaction:
        return Reaction(self._choose("tired"), then="hang-up")

    def _unless_worn_out(self, reaction: Reaction) -> Reaction:
        return self._leave() if self._is_worn_out else reaction

    def _converse(self, heard: str) -> Reaction:
        question = last_question(heard)
        if means(heard, "goodbye") and not question:
            return Reaction(self._choose("goodbye"), then="leave")
        if self._asks_again(heard):
            return Reaction(self._choose("repeat"))
        if means(question, "repeat_request") and self._last_said:
            return Reaction(self._say_again())
        if not question:
            return Reaction(self._embellish("go_ahead" if self._turn == 1 else "acknowledge"))
        return Reaction(self._answer(question))

    def _asks_again(self, heard: str) -> bool:
        """Never twice in a row."""
        wants = bool(heard.strip()) and self.dice("again").random() < self._persona.asks_again
        self._asked_again = wants and not self._asked_again
        return self._asked_again

    def _say_again(self) -> str:
        """Each time introduced in another way."""
        variants = self._replies["said_before"]
        fewest = min(self._said[text] for text in variants)
        before = self.dice("again").choice([text for text in variants if self._said[text] == fewest])
        self._said[before] += 1
        return before + lower_first(self._last_said)

    def _answer(self, question: str) -> str:
        intent = intent_of(question)
        if intent in PLAIN_INTENTS:
            return self._choose(self._variant(intent, gender_asked(question)))
        dice = self.dice("answer")
        if intent in UNSURE_INTENTS and dice.random() < UNSURE_SHARE:
            return self._choose("unsure")
        if intent == "choice":
            return self._choose_between(question)
        answer = self._embellish(intent) if intent else self._agree(question, dice)
        return self._manner.ramble(answer, self.dice("ramble"))

    def _choose_between(self, question: str) -> str:
        """What was named in a foreign language is not taken over."""
        is_english = bool(re.search(r"\bor\b", question))
        if is_english != (self.language[:2] == "en"):
            return self._embellish("either")
        return self._embellish("choice", named=named_choices(question))

    def _agree(self, question: str, dice: random.Random) -> str:
        says = "yes" if dice.random() < self._persona.agreement else "no"
        intent = says if says in self._own or not means(question, "suits") else f"suits_{says}"
        return self._embellish(intent, agrees=says == "yes")

    def _variant(self, intent: str, kind: str) -> str:
        """A persona's own words stand above those for a kind of question."""
        name = f"{intent}_{kind}"
        return name if name in self._replies and intent not in self._own else intent

    def _embellish(self, intent: str, *, agrees: bool = False, named: Pieces | None = None) -> str:
        core = self._choose(intent, named)
        return self._manner.embellish(core, self.dice("manner"), agrees=agrees)

    def _choose(self, intent: str, named: Pieces | None = None) -> str:
        return self._vary(self._replies[intent], named)

    def _vary(self, variants: Sequence[str], named: Pieces | None = None) -> str:
        """Nobody says the same sentence twice in one call, as long as there are others, nor again and again."""
        fewest = min(self._said[text] for text in variants)
        others = [text for text in variants if self._said[text] == fewest]
        others = [text for text in others if text != self._last_said] or others
        self._is_worn_out = fewest >= SAME_SENTENCE_BEFORE_LEAVING
        dice = self.dice("words")
        chosen = dice.choice(others)
        self._said[chosen] += 1
        self._last_said = chosen if "{" not in chosen else self._manner.fill(chosen, dice, named or {})
        return self._last_said

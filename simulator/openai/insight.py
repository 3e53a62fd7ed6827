"""What a conversation tells: what came of it, who answered what, when to call again."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from simulator.openai.phrases import content_words, intents_of, overlap, read_phrases, simple
from simulator.openai.prompt import Prompt, Said
from simulator.openai.spoken_moment import tell_moment
from simulator.openai.spoken_time import read_spoken_time
from simulator.openai.transcript import language_of, read_transcript
from simulator.openai.understanding import SILENCE, Situation, asked_parts, meaning_of

CLOSED_BY = {
    "opt_out": "do_not_call",
    "voicemail": "voicemail",
    "wrong_number": "wrong_number",
    "human": "human_requested",
    "refusal": "not_interested",
    "callback": "callback",
}
UNHAPPY = ("do_not_call", "not_interested")
CLOSE_ENOUGH = 0.3


@dataclass(frozen=True)
class Exchange:
    question: str
    answer: str
    meaning: str


class Insight:
    """`focus` is the one exchange that is looked at, where there is one."""

    def __init__(self, prompt: Prompt, focus: Exchange | None = None) -> None:
        self.prompt, self.focus = prompt, focus
        self.lines = read_transcript(prompt)
        self.language = language_of(prompt, self.lines)
        self._phrases = read_phrases(self.language)

    @cached_property
    def heard(self) -> list[str]:
        return [said.text for said in self.lines if said.speaker == "person" and said.text.strip() != SILENCE]

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """Each of the person's turns, with the question that came before it."""
        found, question, has_spoken = [], "", False
        for said in self.lines:
            if said.speaker == "assistant":
                question, has_spoken = last_question(said), True
            elif said.text.strip() != SILENCE:
                meaning = meaning_of(said.text, Situation(pending=question, has_spoken=has_spoken))
                found.append(Exchange(question, said.text, meaning))
        return found

    @cached_property
    def answered(self) -> list[Exchange]:
        return [part for part in self.exchanges if part.question and part.meaning in ("answer", "unsure")]

    @cached_property
    def settling_words(self) -> str:
        """Those that decided what came of the call."""
        meanings = {part.meaning: part.answer for part in reversed(self.exchanges)}
        return next((meanings[name] for name in CLOSED_BY if name in meanings), "")

    @cached_property
    def disposition(self) -> str:
        meanings = {part.meaning for part in self.exchanges}
        closed = next((CLOSED_BY[name] for name in CLOSED_BY if name in meanings), "")
        if closed or not self.heard:
            return closed or "no_conversation"
        is_interested = any(
            "interest" in intents_of(part.question) and "affirmative" in intents_of(part.answer)
            for part in self.answered
        )
        return "interested" if is_interested else "completed"

    @cached_property
    def callback_at(self) -> datetime | None:
        if self.disposition != "callback":
            return None
        times = (read_spoken_time(words, self.prompt.now) for words in reversed(self.heard))
        return next((moment for moment in times if moment), None)

    @cached_property
    def sentiment(self) -> str:
        if self.disposition in UNHAPPY or self.complaints:
            return "negative"
        intents = [intents_of(words) for words in self.heard]
        yes, no = (sum(name in found for found in intents) for name in ("affirmative", "negative"))
        return "positive" if yes > no else "negative" if no > yes + 1 else "neutral"

    @cached_property
    def complaints(self) -> list[str]:
        return [part.answer for part in self.exchanges if part.meaning == "complaint"]

    @cached_property
    def asked(self) -> list[str]:
        """What the person wanted to know."""
        return [part for words in self.heard for part in asked_parts(words) if len(part.split()) > 2]

    def about(self, wanted: frozenset[str]) -> Exchange | None:
        """The answered question that is most about these words."""
        scores = [closeness(wanted, content_words(part.question)) for part in self.answered]
        if not scores or max(scores) < CLOSE_ENOUGH:
            return None
        return self.answered[scores.index(max(scores))]

    def focused(self, exchange: Exchange) -> "Insight":
        return Insight(self.prompt, exchange)

    def summary(self) -> str:
        told = [self._told(self.disposition)]
        told += [self._told("answer", question=part.question, answer=part.answer) for part in self.answered]
        told += [self._told("asked", words=words) for words in self.asked[:2]]
        told += [self._told("complained", words=words) for words in self.complaints[:1]]
        return " ".join(told)

    def next_step(self) -> str:
        name = f"next_{self.disposition}"
        return self._told(name if name in self._phrases.analysis else "next_other")

    def _told(self, name: str, **values: str) -> str:
        if self.callback_at is not None and f"{name}_at" in self._phrases.analysis:
            name, values = f"{name}_at", {"when": tell_moment(self.callback_at, self.prompt.now, self._phrases.when)}
        return self._phrases.analysis[name].format(**values)


def closeness(one: frozenset[str], other: frozenset[str]) -> float:
    return max(overlap(one, other), overlap(other, one))


def last_question(said: Said) -> str:
    """The last sentence that asks, from its opening mark where it has one."""
    asked = re.findall(r"(?:¿[^?]*|[^.!?¿:]*)\?", said.text)
    return asked[-1].strip() if asked and simple(asked[-1]) else ""

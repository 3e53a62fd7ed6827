"""How the scripted assistant puts what it wants to say: in the prompt's language, and not twice in the same way."""

import re
import zlib
from datetime import datetime

from simulator.openai.phrases import content_words, folded, intents_of, overlap, read_phrases
from simulator.openai.prompt import Prompt
from simulator.openai.spoken_moment import tell_moment

SAID_ALREADY = 0.6


class Wording:
    """`variant` tells apart the choices of one request."""

    def __init__(self, prompt: Prompt, variant: int = 0) -> None:
        self._prompt, self._variant = prompt, variant
        self._phrases = read_phrases(prompt.language)
        self._spoken = " ".join(folded(text) for text in prompt.spoken)

    def say(self, intent: str, **values: str) -> str:
        """Always the same variant in the same place of a conversation, and the one that was not heard for longest."""
        variants = [variant.format(**values) for variant in self._phrases.says[intent]]
        key = f"{intent}|{self._prompt.name}|{len(self._prompt.conversation)}"
        start = (zlib.crc32(key.encode()) + self._variant) % len(variants)
        ordered = variants[start:] + variants[:start]
        return min(ordered, key=lambda text: self._spoken.rfind(folded(text)))

    def has_said(self, text: str) -> bool:
        return folded(text) in self._spoken

    def tell(self, moment: datetime) -> str:
        return tell_moment(moment, self._prompt.now, self._phrases.when)

    def calling(self) -> str:
        """Why this call is made, as a sentence."""
        purpose = self._prompt.purpose.strip()
        if not purpose:
            return ""
        purpose = purpose if purpose.endswith((".", "!", "?", "…")) else f"{purpose}."
        first = folded(re.split(r"[\s,.:;]", purpose)[0])
        if self._phrases.purpose["verb"].match(first):
            return self.say("calling_to", purpose=lower_first(purpose))
        if self._phrases.purpose["article"].match(first):
            return self.say("calling_noun", purpose=lower_first(purpose))
        return self.say("calling_about", purpose=purpose)

    @property
    def knows_purpose(self) -> bool:
        """Whether the person was told already why this call is made."""
        told = content_words(f"{self._prompt.already_said} {' '.join(self._prompt.spoken)}")
        return overlap(content_words(self._prompt.purpose), told) >= SAID_ALREADY

    def introduction(self) -> str:
        """Who is calling, in the words of the opening when it told."""
        sentences = re.findall(r"[^.!?]+[.!?]?", self._prompt.already_said)
        told = (text.strip() for text in sentences if "introduces" in intents_of(text) and not text.endswith("?"))
        return self._without_greeting(next(told, "")) or self.say("assistant")

    def _without_greeting(self, sentence: str) -> str:
        """Once they talk with each other, nobody greets again."""
        words, simplified = sentence, folded(sentence)
        while found := self._phrases.purpose["salute"].match(simplified):
            words, simplified = words[found.end() :], simplified[found.end() :]
        return words[:1].upper() + words[1:]

    def first_words(self) -> str:
        """What the fixed opening has said already is not said again."""
        prompt = self._prompt
        if prompt.already_said:
            return join(self.say("purpose"), "" if self.knows_purpose else self.calling())
        if prompt.name:
            return self.say("greeting", name=self.first_name(), calling=self.calling()).strip()
        return self.say("greeting_unnamed", calling=self.calling()).strip()

    def first_name(self) -> str:
        """Without the form of address that may stand before it."""
        words = [word for word in self._prompt.name.split() if not word.endswith(".")]
        return words[0] if words else ""

    def name_after_comma(self) -> str:
        return f", {self.first_name()}" if self.first_name() else ""

    def is_said_in(self, intent: str, text: str) -> bool:
        words = folded(text)
        return any(start in words for start in beginnings(self._phrases.says[intent]))


def beginnings(variants: list[str]) -> list[str]:
    """What stands before the first gap of each, where anything does."""
    return [start for start in (folded(variant.partition("{")[0].strip()) for variant in variants) if start]


def join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]

"""Words as clips, one a sentence. When the voice fails, the carrier's own voice says them instead."""

from collections.abc import Callable
from itertools import count

import structlog

from calls import speech_cache, twiml
from calls.conversation.checker import objection
from calls.conversation.facts import CallFacts
from calls.conversation.mouths import WordsRefused
from calls.conversation.speech_text import SentenceSplitter, plain
from calls.models import Call
from calls.providers import telephony
from calls.providers.base import ProviderError
from calls.speech_cache import Sentence
from calls.turn_stream import TurnWriter, redis

VOICE_DOWN_KEY = "speech:down"
VOICE_DOWN_SECONDS = 30
"""After a failure the voice is left alone for this long: each try would cost the person seconds of silence."""

log = structlog.get_logger(__name__)


class GatherMouth:
    """The carrier was told of a few clips before anything was said; the last of them carries all the rest."""

    def __init__(self, writer: TurnWriter, when_spoken: Callable[[], None], facts: CallFacts) -> None:
        self.said = ""
        self._writer = writer
        self._when_spoken = when_spoken
        self._facts = facts
        self._splitter = SentenceSplitter()
        self._positions = count(1)
        self._last_clip: list[str] = []
        self._unspoken: list[str] = []
        self._has_voice = not redis().exists(VOICE_DOWN_KEY)
        self._ends_call = ""

    def say(self, text: str) -> None:
        for sentence in self._splitter.feed(plain(text)):
            self._take(sentence)

    def finish(self) -> None:
        """A turn may finish several answers, one after the other."""
        if rest := self._splitter.rest():
            self._take(rest)

    def drop(self) -> None:
        self._splitter = SentenceSplitter()

    def end_call(self, reason: str) -> None:
        self._ends_call = reason

    def close(self) -> None:
        """The turn is over: speak the last clip, or have the carrier say what the voice could not."""
        if self._last_clip:
            self._speak(" ".join(self._last_clip))
        if self._unspoken:
            self._let_carrier_say(" ".join(self._unspoken))
        elif self._ends_call:
            self._writer.ends_call(self._ends_call)

    def _take(self, sentence: str) -> None:
        if problem := objection(f"{self.said} {sentence}"):
            raise WordsRefused(problem)
        if next(self._positions) < twiml.SENTENCES_A_TURN:
            self._speak(sentence)
        else:
            self._last_clip.append(sentence)
        self.said = f"{self.said} {sentence}".strip()

    def _speak(self, text: str) -> None:
        if not self._has_voice:
            self._unspoken.append(text)
            return
        sentence = Sentence(text, voice=self._facts.voice, language=self._facts.language)
        try:
            self._publish(sentence)
        except ProviderError as error:
            log.warning("voice_failed", call=self._facts.call_id, code=error.code)
            redis().set(VOICE_DOWN_KEY, error.code, ex=VOICE_DOWN_SECONDS)
            self._has_voice = False
            self._unspoken.append(text)

    def _publish(self, sentence: Sentence) -> None:
        kept = speech_cache.find(sentence)
        wav = kept or speech_cache.make(sentence)
        self._writer.clip(sentence.key, wav)
        self._when_spoken()
        if kept is None:
            speech_cache.keep(sentence, wav)

    def _let_carrier_say(self, words: str) -> None:
        """The live call gets new instructions; its announced clips are answered with silence meanwhile."""
        call = Call.objects.select_related("script", "campaign").get(pk=self._facts.call_id)
        prompts = [twiml.Prompt(words=words)]
        document = (
            twiml.farewell(prompts, self._facts.language)
            if self._ends_call
            else twiml.listen(call, sequence=self._writer.sequence + 1, prompts=prompts)
        )
        telephony().redirect_call(call.carrier_sid or "", twiml=document)

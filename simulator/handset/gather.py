"""<Gather>: prompts, and what the person says or keys in answer."""

import asyncio
from collections.abc import Coroutine
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from simulator.faults import happens
from simulator.handset.context import HandsetContext
from simulator.handset.gather_settings import read_gather
from simulator.handset.partial_results import PartialResults
from simulator.handset.phone_line import heard_part
from simulator.handset.playback import Playback
from simulator.handset.tape import Sound
from simulator.handset.twiml import Document

LOWEST_CONFIDENCE, HIGHEST_CONFIDENCE = 0.82, 0.97


@dataclass(frozen=True)
class Gathered:
    """`confidence` is sometimes missing: its field is then not sent."""

    speech: str = ""
    confidence: float | None = None
    language: str = ""
    digits: str = ""
    finished_on_key: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.speech and not self.digits

    def fields(self) -> dict[str, str]:
        if self.speech:
            certainty = {} if self.confidence is None else {"Confidence": f"{self.confidence:.7f}"}
            return {"SpeechResult": self.speech, "Language": self.language} | certainty
        if self.digits:
            return {"Digits": self.digits, "FinishedOnKey": self.finished_on_key, "msg": "Gather End"}
        return {}


class GatherSession:
    """First input wins: speech while keys are pressed is ignored, and the other way round."""

    def __init__(self, context: HandsetContext, document: Document, verb: ElementTree.Element) -> None:
        self._context, self._document = context, document
        self._settings = read_gather(verb)
        self.hears_speech = self._settings.hears_speech
        target = document.wanted_callback(verb, "partialResultCallback")
        self._partials = PartialResults(context, target) if target else None
        self._result: asyncio.Future[Gathered] = asyncio.get_running_loop().create_future()
        self._input_began = asyncio.Event()
        self._words: list[str] = []
        self._sound: Sound | None = None
        self._digits = ""
        self._key_count = 0
        self._speaking = False

    async def run(self) -> Gathered:
        line = self._context.line
        try:
            with line.assistant_holds_floor() if self._settings.prompts else nullcontext():
                line.start_listening(self)
                await self._play_prompts()
            return await self._wait_for_result()
        finally:
            line.stop_listening(self)
            if self._partials:
                self._partials.is_over = True

    async def _play_prompts(self) -> None:
        playing = asyncio.create_task(Playback(self._context, self._document).perform(self._settings.prompts))
        interrupted = asyncio.create_task(self._input_began.wait())
        try:
            waiting = {playing, interrupted} if self._settings.barge_in else {playing}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            playing.cancel()
            interrupted.cancel()
            await asyncio.gather(playing, interrupted, return_exceptions=True)

    async def _wait_for_result(self) -> Gathered:
        try:
            async with asyncio.timeout(self._context.network.pace.wait_seconds(self._settings.timeout)):
                await self._input_began.wait()
        except TimeoutError:
            return Gathered()
        return await self._result

    def speech_started(self) -> None:
        if self.hears_speech and not self._digits and not self._result.done():
            if not self._speaking and not self._words:
                self._background(self._end_at_longest())
            self._speaking = True
            self._input_began.set()

    def sound_began(self, sound: Sound) -> None:
        if self._speaking and sound.text:
            self._sound = sound
            if self._partials:
                self._background(self._partials.follow(sound))

    def speech_ended(self, words: str) -> None:
        if not self.hears_speech or self._digits or self._result.done():
            return
        self._speaking, self._sound = False, None
        self._input_began.set()
        if self._context.network.faults.strikes("unheard_speech", number=self._context.call.to):
            self._finish(Gathered())
            return
        self._words.append(words)
        self._background(self._end_after_pause(len(self._words)))

    async def _end_after_pause(self, count: int) -> None:
        await self._context.network.pace.sleep(self._settings.speech_pause)
        if not self._speaking and count == len(self._words):
            self._finish(self._spoken(self._words))

    async def _end_at_longest(self) -> None:
        """Of a sentence that is still going on, only what was said until now counts."""
        await self._context.network.pace.sleep(self._settings.longest_speech)
        begun = []
        if self._sound is not None:
            share = (self._context.line.now() - self._sound.starts_at) / self._sound.seconds
            begun = [heard_part(self._sound.text, share)]
        self._finish(self._spoken(self._words + begun))

    def _spoken(self, words: list[str]) -> Gathered:
        faults, dice = self._context.network.faults, self._context.dice("confidence")
        confidence: float | None = dice.uniform(LOWEST_CONFIDENCE, HIGHEST_CONFIDENCE)
        if faults.strikes("speech_confidence", number=self._context.call.to):
            confidence = faults.speech_confidence
        elif happens(faults.missing_confidence, self._context.dice("missing confidence")):
            confidence = None
        return Gathered(" ".join(filter(None, words)), confidence, self._settings.language)

    def key_pressed(self, digit: str) -> None:
        if not self._settings.hears_keys or self._words or self._speaking or self._result.done():
            return
        if digit in self._settings.finish_on_key:
            if self._digits:
                self._finish(Gathered(digits=self._digits, finished_on_key=digit))
            return
        self._key_count += 1
        self._input_began.set()
        self._digits += digit
        if len(self._digits) == self._settings.number_of_digits:
            self._finish(Gathered(digits=self._digits))
        else:
            self._background(self._end_without_more_keys(self._key_count))

    async def _end_without_more_keys(self, count: int) -> None:
        await self._context.network.pace.sleep(self._settings.timeout)
        if count == self._key_count:
            self._finish(Gathered(digits=self._digits))

    def _finish(self, gathered: Gathered) -> None:
        if not self._result.done():
            self._result.set_result(gathered)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        self._context.network.start_task(work)

"""<Gather>: prompts, and what the person says or keys in answer."""

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass, field
from xml.etree import ElementTree

from simulator.handset.context import HandsetContext
from simulator.handset.playback import PROMPTS, Playback
from simulator.handset.twiml import Document, is_true, read_seconds

AUTOMATIC_PAUSE_SECONDS = 0.8
DEFAULT_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class Gathered:
    speech: str = ""
    digits: str = ""
    finished_on_key: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.speech and not self.digits

    def fields(self) -> dict[str, str]:
        if self.speech:
            return {"SpeechResult": self.speech, "Confidence": "0.9387"}
        if self.digits:
            return {"Digits": self.digits, "FinishedOnKey": self.finished_on_key, "msg": "Gather End"}
        return {}


@dataclass
class GatherSettings:
    hears_speech: bool
    hears_keys: bool
    barge_in: bool
    timeout: float
    speech_pause: float
    number_of_digits: int
    finish_on_key: str
    prompts: list[ElementTree.Element] = field(default_factory=list)


def read_gather(verb: ElementTree.Element) -> GatherSettings:
    inputs = verb.get("input", "dtmf").split()
    timeout = read_seconds(verb, "timeout", DEFAULT_TIMEOUT_SECONDS)
    return GatherSettings(
        hears_speech="speech" in inputs,
        hears_keys="dtmf" in inputs,
        barge_in=is_true(verb, "bargeIn", default=True),
        timeout=timeout,
        speech_pause=read_seconds(verb, "speechTimeout", AUTOMATIC_PAUSE_SECONDS),
        number_of_digits=int(read_seconds(verb, "numDigits", 0)),
        finish_on_key=verb.get("finishOnKey", "#"),
        prompts=list(verb),
    )


class GatherSession:
    """First input wins: speech while keys are pressed is ignored, and the other way round."""

    def __init__(self, context: HandsetContext, document: Document, verb: ElementTree.Element) -> None:
        self._context, self._document = context, document
        self._settings = read_gather(verb)
        self.hears_speech = self._settings.hears_speech
        self._result: asyncio.Future[Gathered] = asyncio.get_running_loop().create_future()
        self._input_began = asyncio.Event()
        self._words: list[str] = []
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

    async def _play_prompts(self) -> None:
        wrong = [verb.tag for verb in self._settings.prompts if verb.tag not in PROMPTS]
        if wrong:
            self._context.call.complaints.append(f"13320 Gather cannot hold {', '.join(wrong)}")
        prompts = [verb for verb in self._settings.prompts if verb.tag in PROMPTS]
        playing = asyncio.create_task(Playback(self._context, self._document).perform(prompts))
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
        if self.hears_speech and not self._digits:
            self._speaking = True
            self._input_began.set()

    def speech_ended(self, words: str) -> None:
        if not self.hears_speech or self._digits or self._result.done():
            return
        self._words.append(words)
        self._speaking = False
        self._input_began.set()
        self._context.network.start_task(self._end_after_pause(len(self._words)))

    async def _end_after_pause(self, count: int) -> None:
        await self._context.network.pace.sleep(self._settings.speech_pause)
        if not self._speaking and count == len(self._words):
            self._finish(Gathered(speech=" ".join(self._words)))

    def key_pressed(self, digit: str) -> None:
        if not self._settings.hears_keys or self._words or self._speaking or self._result.done():
            return
        self._key_count += 1
        self._input_began.set()
        if digit in self._settings.finish_on_key and self._digits:
            self._finish(Gathered(digits=self._digits, finished_on_key=digit))
            return
        self._digits += digit
        if len(self._digits) == self._settings.number_of_digits:
            self._finish(Gathered(digits=self._digits))
        else:
            self._context.network.start_task(self._end_without_more_keys(self._key_count))

    async def _end_without_more_keys(self, count: int) -> None:
        await self._context.network.pace.sleep(self._settings.timeout)
        if count == self._key_count:
            self._finish(Gathered(digits=self._digits))

    def _finish(self, gathered: Gathered) -> None:
        if not self._result.done():
            self._result.set_result(gathered)

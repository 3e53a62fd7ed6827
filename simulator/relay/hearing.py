"""What the session makes of the person's speech and keys."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from simulator.handset.context import HandsetContext
from simulator.handset.phone_line import heard_part, speech_seconds
from simulator.relay import frames
from simulator.relay.barge_in import NEEDED_SECONDS, is_backchannel, lasts_long_enough
from simulator.relay.socket import RelaySocket
from simulator.relay.state import RelayState
from simulator.relay.transcriber import Transcriber
from simulator.relay.voice import RelayVoice

PARTIAL_SECONDS = 0.25


@dataclass(eq=False)
class Utterance:
    """`is_reported`: it reaches the application. `is_open`: the person is still speaking."""

    started_at: float
    words: str = ""
    is_reported: bool = True
    is_open: bool = True


class Hearing:
    hears_speech = True

    def __init__(
        self,
        context: HandsetContext,
        state: RelayState,
        relay: RelaySocket,
        voice: RelayVoice,
        transcriber: Transcriber,
        tell: Callable[[str, str], None],
    ) -> None:
        self._context, self._state, self._relay, self._voice = context, state, relay, voice
        self._transcriber, self._tell = transcriber, tell
        self._utterance: Utterance | None = None
        self._words: list[str] = []
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def speech_started(self) -> None:
        self._begin("")

    def speech_ended(self, words: str) -> None:
        if self._utterance is None:
            self._begin(words)
        self._end(words)

    def murmured(self, words: str) -> None:
        """A sign of attention: speech to a recogniser, unless it has been asked to know better."""
        self._begin(words)
        self._start(self._end_murmur(words))

    async def _end_murmur(self, words: str) -> None:
        await self._context.network.pace.sleep(speech_seconds(words))
        self._end(words)

    def _begin(self, words: str) -> None:
        self._tell("clientSpeaking", "on")
        utterance = self._utterance = Utterance(self._context.line.now(), words)
        self._count += 1
        if self._voice.queue:
            self._weigh(utterance)
        if self._state.settings.is_on("partialPrompts"):
            self._start(self._tell_partials(utterance))

    def _weigh(self, utterance: Utterance) -> None:
        """Cuts the assistant short at once, later, or not at all."""
        settings = self._state.settings
        utterance.is_reported = "speech" in settings.kinds("reportInputDuringAgentSpeech", "none")
        if not self._voice.may_be_cut_by("speech"):
            return
        if settings.sensitivity == "high" and not settings.is_on("ignoreBackchannel"):
            self._cut(utterance)
        else:
            self._start(self._weigh_longer(utterance))

    async def _weigh_longer(self, utterance: Utterance) -> None:
        """The words are known to the line a moment after the speech begins."""
        settings = self._state.settings
        await self._context.network.pace.sleep(max(0.1, NEEDED_SECONDS[settings.sensitivity]))
        words = self._words_of(utterance)
        if settings.is_on("ignoreBackchannel") and is_backchannel(words):
            return
        if lasts_long_enough(words, settings.sensitivity) and self._voice.may_be_cut_by("speech"):
            self._cut(utterance)
            self._flush(utterance)

    def _cut(self, utterance: Utterance) -> None:
        utterance.is_reported = True
        interruption = self._voice.interrupt()
        if interruption is not None:
            self._relay.post(frames.interrupt(interruption))

    def _end(self, words: str) -> None:
        utterance, self._utterance = self._utterance, None
        if utterance is None:
            return
        self._tell("clientSpeaking", "off")
        utterance.is_open, utterance.words = False, self._transcriber.recognise(words)
        self._flush(utterance)

    def _flush(self, utterance: Utterance) -> None:
        """Once it is both over and wanted."""
        if utterance.is_open:
            return
        if utterance.is_reported and utterance.words:
            self._words.append(utterance.words)
            if self._state.settings.is_on("partialPrompts"):
                self._transcriber.partial(" ".join(self._words), is_whole=True)
        if self._words:
            self._start(self._finish_after_pause(self._count))

    async def _finish_after_pause(self, count: int) -> None:
        """Who goes on speaking within the pause says one thing."""
        await self._context.network.pace.sleep(self._state.settings.pause_seconds)
        if count == self._count and self._words:
            words = " ".join(self._words)
            self._words.clear()
            self._voice.is_muted = False
            await self._transcriber.final(words)

    async def _tell_partials(self, utterance: Utterance) -> None:
        """Cumulative, every quarter of a second."""
        shown = ""
        while True:
            await self._context.network.pace.sleep(PARTIAL_SECONDS)
            if not utterance.is_open:
                return
            heard = " ".join([*self._words, self._heard_of(utterance)]).strip()
            if utterance.is_reported and heard and heard != shown:
                shown = heard
                self._transcriber.partial(heard)

    def _heard_of(self, utterance: Utterance) -> str:
        words = self._words_of(utterance)
        return heard_part(words, (self._context.line.now() - utterance.started_at) / speech_seconds(words))

    def _words_of(self, utterance: Utterance) -> str:
        """Of an utterance under way, what the person is about to have said."""
        if utterance.words:
            return utterance.words
        sounds = (sound for sound in reversed(self._context.line.tape.sounds) if sound.speaker == "person")
        sound = next(sounds, None)
        return sound.text if sound and sound.starts_at >= utterance.started_at else ""

    def key_pressed(self, digit: str) -> None:
        settings = self._state.settings
        if not settings.is_on("dtmfDetection"):
            return
        if self._voice.queue:
            if self._voice.may_be_cut_by("dtmf"):
                self._interrupt_by_key()
            elif "dtmf" not in settings.kinds("reportInputDuringAgentSpeech", "none"):
                return
        self._relay.post(frames.dtmf(digit))

    def _interrupt_by_key(self) -> None:
        interruption = self._voice.interrupt()
        if interruption is not None:
            self._relay.post(frames.interrupt(interruption))

    def stop(self) -> None:
        """Nothing more is heard."""
        for task in self._tasks:
            task.cancel()

    def hang_up(self) -> None:
        """Words that nothing followed are told after all, if the application wants them."""
        utterance = self._utterance
        if utterance is not None and utterance.is_reported:
            self._words.append(self._heard_of(utterance))
        words = " ".join(word for word in self._words if word)
        if words and self._state.settings.is_on("partialPromptOnHangup"):
            self._transcriber.tell(words)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._context.network.start_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

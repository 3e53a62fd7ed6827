"""What a ConversationRelay session has been asked to say, in order, and what of it was heard."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.handset.clips import ClipStore
from simulator.handset.phone_line import PhoneLine
from simulator.relay.message import Message
from simulator.twilio.webhook_client import WebhookFailed

LATENCY_SECONDS = 0.33
"""From the first token to the first sound, as measured."""
PATIENCE_SECONDS, PATIENCE_WALL_SECONDS = 1.0, 0.6
"""Words without the end of a clause are spoken when no more come. How long Twilio waits is not documented."""
CLAUSE_CHECK_SECONDS = 0.1
ENDLESS_LOOP = 1000


@dataclass(frozen=True)
class Interruption:
    heard: str
    after_ms: int


@dataclass
class RelayVoice:
    """`tell` sends an info frame: name and value."""

    line: PhoneLine
    clips: ClipStore
    tell: Callable[[str, str], None]
    queue: deque[Message] = field(default_factory=deque)
    is_muted: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _speaking: "asyncio.Task[None] | None" = None

    def add_text(self, token: str, *, is_last: bool, beginning: Callable[[], Message]) -> None:
        """After a barge-in the rest of that message is dropped, up to its last token."""
        if self.is_muted:
            self.is_muted = not is_last
            return
        if not self.queue or self.queue[-1].is_complete:
            self.add(beginning())
        self.queue[-1].text += token
        self.queue[-1].is_complete = is_last
        self._news.set()

    def add(self, message: Message, *, after_seconds: float = LATENCY_SECONDS) -> None:
        """Something new ends the text before it, and cuts what may be cut."""
        if self.queue:
            self.queue[-1].is_complete = True
        self._cut_preemptible()
        message.ready_at = self.line.now() + after_seconds
        self.queue.append(message)
        self._news.set()

    def _cut_preemptible(self) -> None:
        """No `interrupt` tells of it: only the words that were heard."""
        for message in [message for message in self.queue if message.is_preemptible]:
            if message is self.queue[0]:
                self._tell_heard(message)
                self._stop_speaking()
            self.queue.remove(message)

    def waiting_text(self) -> str:
        return "".join(message.text[message.spoken :] or message.source or message.digits for message in self.queue)

    async def speak_forever(self) -> None:
        while True:
            while not self.queue:
                self._news.clear()
                await self._news.wait()
            with self.line.assistant_holds_floor():
                await self._speak_queue()

    async def _speak_queue(self) -> None:
        is_told = False
        while self.queue:
            message = self.queue[0]
            await self.line.pace.sleep(message.ready_at - self.line.now())
            if not self.queue or self.queue[0] is not message:
                continue
            if not is_told:
                self.tell("agentSpeaking", "on")
                is_told = True
            await self._perform(message)
        if is_told:
            self.tell("agentSpeaking", "off")

    async def _perform(self, message: Message) -> None:
        """Until it is over or cut."""
        self._speaking = asyncio.create_task(self._speak(message))
        try:
            await asyncio.wait({self._speaking})
            if not self._speaking.cancelled():
                self._speaking.result()
        finally:
            self._speaking.cancel()
            self._speaking = None
        if self.queue and self.queue[0] is message:
            self.queue.popleft()

    async def _speak(self, message: Message) -> None:
        message.started_at = self.line.now()
        if message.digits:
            await self.line.assistant_presses(message.digits)
            self.tell("tokensPlayed", message.digits)
        elif message.source:
            await self._play(message)
        else:
            message.line = self.line.begin_transcript_line("assistant")
            while not message.is_exhausted:
                await self._say(message, await self._next_chunk(message))

    async def _next_chunk(self, message: Message) -> str:
        patience = self.line.pace.wait_seconds(PATIENCE_SECONDS, at_least=PATIENCE_WALL_SECONDS)
        is_pressed = False
        while not (chunk := message.next_chunk(is_pressed=is_pressed)) and not message.is_exhausted:
            self._news.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._news.wait()
                is_pressed = False
            except TimeoutError:
                is_pressed = True
        return chunk

    async def _say(self, message: Message, chunk: str) -> None:
        message.chunk = chunk
        telling = asyncio.create_task(self._tell_clauses(message))
        try:
            if chunk.strip():
                await self.line.assistant_says(chunk.strip(), message.voice, message.line)
        finally:
            telling.cancel()
        message.end_chunk()
        self._tell_played(message, message.spoken)

    async def _tell_clauses(self, message: Message) -> None:
        began = self.line.now()
        for seconds, end in message.clause_ends():
            await self.line.pace.sleep(began + seconds - self.line.now())
            while len(self._heard(message)) < end:
                await self.line.pace.sleep(CLAUSE_CHECK_SECONDS)
            self._tell_played(message, end)

    def _tell_played(self, message: Message, until: int) -> None:
        words = message.take_untold(until).strip()
        if words:
            self.tell("tokensPlayed", words)

    def _tell_heard(self, message: Message) -> None:
        self._tell_played(message, len(self._heard(message)))

    def _heard(self, message: Message) -> str:
        return message.heard(self.line.words_heard_now())

    async def _play(self, message: Message) -> None:
        try:
            clip = await self.clips.fetch(message.source)
        except WebhookFailed as failure:
            self.line.call.complaints.append(str(failure))
            return
        for _ in range(message.loop or ENDLESS_LOOP):
            if clip.pcm:
                await self.line.assistant_plays(clip.pcm, clip.text, clip.seconds)

    def may_be_cut_by(self, kind: str) -> bool:
        return bool(self.queue) and kind in self.queue[0].interrupted_by

    def interrupt(self) -> Interruption | None:
        """Barge-in empties the whole queue; None when nothing of it had been heard."""
        if not self.queue:
            return None
        message, self.is_muted = self.queue[0], not self.queue[-1].is_complete
        now, heard = self.line.now(), self._heard(self.queue[0])
        if message.started_at is not None and message.text:
            self._tell_heard(message)
        self.stop()
        if message.started_at is None:
            return None
        return Interruption(heard, int((now - message.started_at) * 1000))

    def stop(self) -> None:
        self.queue.clear()
        self._stop_speaking()

    def _stop_speaking(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()

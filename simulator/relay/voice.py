"""What a ConversationRelay session has been asked to say, in order, and what of it was heard."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from simulator.handset.clips import ClipStore
from simulator.handset.phone_line import PhoneLine, heard_part, speech_seconds
from simulator.sound.speech import Voice
from simulator.twilio.call_record import TranscriptLine
from simulator.twilio.webhook_client import WebhookFailed

CLAUSE_END = re.compile(r"[.!?;:,…](?=\s|$)|\n")
LATENCY_SECONDS = 0.32


@dataclass
class Message:
    """Text until the frame with `last`, or one clip."""

    text: str = ""
    is_complete: bool = False
    source: str = ""
    loop: int = 1
    interruptible: bool = True
    spoken: int = 0
    heard: str = ""
    clause: str = ""
    clause_started_at: float = 0.0
    started_at: float | None = None
    line: TranscriptLine | None = None

    def heard_until(self, now: float) -> str:
        if not self.clause:
            return self.heard
        return self.heard + heard_part(self.clause, (now - self.clause_started_at) / speech_seconds(self.clause))

    def next_clause(self) -> str:
        """Speaking begins with the first whole clause, as the synthesizers do."""
        rest = self.text[self.spoken :]
        if self.is_complete:
            return rest
        ends = [match.end() for match in CLAUSE_END.finditer(rest)]
        return rest[: ends[-1]] if ends else ""


@dataclass(frozen=True)
class Interruption:
    heard: str
    after_ms: int


@dataclass
class RelayVoice:
    line: PhoneLine
    voice: Voice
    clips: ClipStore
    tell: Callable[[str, str], Awaitable[None]]
    queue: deque[Message] = field(default_factory=deque)
    is_muted: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _speaking: "asyncio.Task[None] | None" = None

    def add_text(self, token: str, *, is_last: bool, interruptible: bool = True) -> None:
        """After a barge-in the rest of that message is dropped, up to its last token."""
        if self.is_muted:
            self.is_muted = not is_last
            return
        if not self.queue or self.queue[-1].is_complete:
            self.queue.append(Message(interruptible=interruptible))
        self.queue[-1].text += token
        self.queue[-1].is_complete = is_last
        self._news.set()

    def add_clip(self, source: str, loop: int, *, interruptible: bool = True) -> None:
        if self.queue and not self.queue[-1].is_complete:
            self.queue[-1].is_complete = True
        self.queue.append(Message(is_complete=True, source=source, loop=loop, interruptible=interruptible))
        self._news.set()

    def waiting_text(self) -> str:
        return "".join(message.text[message.spoken :] or message.source for message in self.queue)

    async def speak_forever(self) -> None:
        while True:
            while not self.queue:
                self._news.clear()
                await self._news.wait()
            with self.line.assistant_holds_floor():
                await self._speak_queue()

    async def _speak_queue(self) -> None:
        await self.line.pace.sleep(LATENCY_SECONDS)
        await self.tell("agentSpeaking", "on")
        while self.queue:
            message = self.queue[0]
            self._speaking = asyncio.create_task(self._speak(message))
            await asyncio.wait({self._speaking})
            if not self._speaking.cancelled():
                self._speaking.result()
            if self.queue and self.queue[0] is message:
                self.queue.popleft()
        self._speaking = None
        await self.tell("agentSpeaking", "off")

    async def _speak(self, message: Message) -> None:
        message.started_at = self.line.now()
        if message.source:
            await self._play(message)
            return
        message.line = self.line.begin_transcript_line("assistant")
        while not message.is_complete or message.spoken < len(message.text):
            clause = message.next_clause()
            if not clause:
                self._news.clear()
                await self._news.wait()
                continue
            await self._say(message, clause)

    async def _say(self, message: Message, clause: str) -> None:
        message.clause, message.clause_started_at = clause, self.line.now()
        if clause.strip():
            await self.line.assistant_says(clause.strip(), self.voice, message.line)
        message.spoken += len(clause)
        message.heard += clause
        message.clause = ""
        await self.tell("tokensPlayed", clause)

    async def _play(self, message: Message) -> None:
        try:
            clip = await self.clips.fetch(message.source)
        except WebhookFailed as failure:
            self.line.call.complaints.append(str(failure))
            return
        for _ in range(message.loop or 1000):
            await self.line.assistant_plays(clip.pcm, clip.text, clip.seconds)

    def interrupt(self) -> Interruption | None:
        """Barge-in empties the whole queue; None when nothing could be interrupted."""
        if not self.queue or not self.queue[0].interruptible:
            return None
        message, self.is_muted = self.queue[0], not self.queue[-1].is_complete
        now = self.line.now()
        self.stop()
        if message.started_at is None:
            return None
        return Interruption(message.heard_until(now), int((now - message.started_at) * 1000))

    def stop(self) -> None:
        self.queue.clear()
        if self._speaking is not None:
            self._speaking.cancel()

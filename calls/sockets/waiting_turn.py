"""A clip's address waiting for its turn over `gather`, with the same deadlines as a conversation's socket."""

import asyncio
from contextlib import aclosing

import structlog

from calls import turn_stream
from calls.conversation import dispatch
from calls.sockets.connections import off_the_loop, redis
from calls.turn_stream import Entry, EntryKind

LIFE_SECONDS = 1.0
STALL_SECONDS = 6.0
"""Longer than the language model's own deadline: a turn that was begun and is quiet for so long lost its worker."""
MAX_ATTEMPTS = 3
PATIENCE_SECONDS = 10.0

log = structlog.get_logger(__name__)


class WaitingTurn:
    """Asks for the turn again when its worker is quiet for too long; that it began, the first address sees to."""

    def __init__(self, call_id: str, sequence: int, position: int) -> None:
        self._call_id = call_id
        self._sequence = sequence
        self._position = position
        self.clips: list[str] = []
        self.end_reason = ""
        self._attempt = 0
        self._heard_at = asyncio.get_running_loop().time()

    async def clip_key(self) -> str:
        """The key of this position's clip; empty when the turn ended without it, or took too long."""
        watch = asyncio.create_task(self._ask_again()) if self._sequence else None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._follow()
        except TimeoutError:
            log.warning("clip_late", call=self._call_id, sequence=self._sequence, position=self._position)
            return ""
        finally:
            if watch:
                watch.cancel()

    async def _follow(self) -> str:
        async with aclosing(turn_stream.follow(redis(), self._call_id, after=turn_stream.lately())) as entries:
            async for entry in entries:
                if entry.sequence != self._sequence or entry.attempt < self._attempt:
                    continue
                self._take(entry)
                if len(self.clips) >= self._position:
                    return self.clips[self._position - 1]
                if entry.kind == EntryKind.DONE:
                    return ""
        return ""

    def _take(self, entry: Entry) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        if entry.attempt > self._attempt:
            self._attempt, self.clips = entry.attempt, []
        if entry.kind == EntryKind.CLIP:
            self.clips.append(entry.text)
        elif entry.kind == EntryKind.ENDS_CALL:
            self.end_reason = entry.text

    async def _ask_again(self) -> None:
        for attempt in range(2, MAX_ATTEMPTS + 1):
            await self._quiet()
            heard = await turn_stream.asked_words(redis(), self._call_id, self._sequence)
            if heard is None:
                return
            log.warning("turn_without_life", call=self._call_id, sequence=self._sequence)
            await off_the_loop(
                dispatch.ask_for_turn,
                call_id=self._call_id,
                sequence=self._sequence,
                heard=heard,
                attempt=attempt,
            )

    async def _quiet(self) -> None:
        """Until nothing has come for too long."""
        while (seconds := self._seconds_left()) > 0:
            await asyncio.sleep(seconds)
        self._heard_at = asyncio.get_running_loop().time()

    def _seconds_left(self) -> float:
        awaits_first = self._position == 1 and not self._attempt
        patience = LIFE_SECONDS if awaits_first else STALL_SECONDS
        return self._heard_at + patience - asyncio.get_running_loop().time()

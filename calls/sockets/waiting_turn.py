"""A clip's address waiting for its turn over `gather`, with the same deadlines as a conversation's socket."""

import asyncio
from contextlib import aclosing

import structlog
from django.conf import settings

from calls import turn_stream
from calls.conversation import dispatch
from calls.sockets.connections import off_the_loop, redis
from calls.turn_stream import Entry, EntryKind

LAST_LIFE_SHARE = 0.7
"""With the two before it less than three seconds: the longest silence that anybody may meet."""
STALL_SECONDS = 6.0
"""Longer than the language model's own deadline: a turn that was begun and is quiet for so long lost its worker."""
MAX_ATTEMPTS = 3
PATIENCE_SECONDS = 10.0

log = structlog.get_logger(__name__)


class WaitingTurn:
    """Asks for the turn again when its worker is quiet for too long, and gives it up when nobody answers at all.

    That the turn began, the first address sees to. `is_given_up`: no worker will say anything more.
    """

    def __init__(self, call_id: str, sequence: int, position: int) -> None:
        self._call_id = call_id
        self._sequence = sequence
        self._position = position
        self.clips: list[str] = []
        self.end_reason = ""
        self.heard = ""
        self.is_given_up = False
        self._attempt = 0
        self._asked_attempt = 1
        self._heard_at = asyncio.get_running_loop().time()

    async def clip_key(self) -> str:
        """The key of this position's clip; empty when the turn ended without it, or took too long."""
        following, watching = asyncio.create_task(self._follow()), asyncio.create_task(self._watch())
        try:
            await asyncio.wait({following, watching}, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if following.done():
                return following.result()
            if watching.done():
                watching.result()
                await self._give_up()
            else:
                log.warning("clip_late", call=self._call_id, sequence=self._sequence, position=self._position)
            return ""
        finally:
            following.cancel()
            watching.cancel()

    async def _give_up(self) -> None:
        log.warning("turn_given_up", call=self._call_id, sequence=self._sequence)
        self.is_given_up = True
        await turn_stream.give_up(redis(), self._call_id, self._sequence)

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

    async def _watch(self) -> None:
        """Returns when the turn is lost. The opening is not asked for again: its next step speaks without a worker."""
        for attempt in range(2, MAX_ATTEMPTS + 1):
            await self._quiet(settings.TURN_LIFE_SECONDS)
            heard = await turn_stream.asked_words(redis(), self._call_id, self._sequence)
            if heard is not None:
                await self._ask_again(heard, attempt)
        await self._quiet(LAST_LIFE_SHARE * settings.TURN_LIFE_SECONDS)

    async def _ask_again(self, heard: str, attempt: int) -> None:
        log.warning("turn_without_life", call=self._call_id, sequence=self._sequence)
        self.heard, self._asked_attempt = heard, attempt
        await off_the_loop(
            dispatch.ask_for_turn,
            call_id=self._call_id,
            sequence=self._sequence,
            heard=heard,
            attempt=attempt,
        )

    async def _quiet(self, life_seconds: float) -> None:
        """Until nothing has come for too long."""
        while (seconds := self._seconds_left(life_seconds)) > 0:
            await asyncio.sleep(seconds)
        self._heard_at = asyncio.get_running_loop().time()

    def _seconds_left(self, life_seconds: float) -> float:
        has_begun = self._attempt >= self._asked_attempt
        awaits_beginning = not has_begun and (self._position == 1 or self._asked_attempt > 1)
        patience = life_seconds if awaits_beginning else STALL_SECONDS
        return self._heard_at + patience - asyncio.get_running_loop().time()

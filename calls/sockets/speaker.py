"""The assistant's side of a socket: asks the workers for turns, speaks what they publish, and owns every deadline.

Silence is the one forbidden answer: what no worker says in time, the door says itself.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from calls import turn_stream
from calls.conversation import dispatch
from calls.conversation.engine import record_failure
from calls.conversation.lines import Line, line
from calls.end_reasons import EndReason
from calls.sockets.connections import off_the_loop, redis
from calls.sockets.open_turn import OpenTurn
from calls.sockets.rescuing import rescue
from calls.sockets.timers import Timers
from calls.turn_stream import Entry, EntryKind

STALL_SECONDS = 6.0
"""Longer than the language model's own deadline, after which the worker speaks the fallback line."""
MAX_ATTEMPTS = 3
FOLLOW_AGAIN_SECONDS = 0.3

log = structlog.get_logger(__name__)


class Speaker:
    """`when_said` is awaited with each turn that is completely handed over to the carrier.

    `wish` holds the words by which the person asked not to be called again.
    """

    def __init__(
        self,
        *,
        call_id: UUID,
        send_frame: Callable[..., Awaitable[None]],
        timers: Timers,
        when_said: Callable[[OpenTurn], Awaitable[None]],
    ) -> None:
        self.call_id = call_id
        self.language = ""
        self.sequence = 0
        self.wish = ""
        self.turn: OpenTurn | None = None
        self.last_turn: OpenTurn | None = None
        self._send_frame = send_frame
        self._timers = timers
        self._when_said = when_said
        self._follower: asyncio.Task[None] | None = None

    def begin(self, *, language: str, sequence: int) -> None:
        """Listen to the call's turn stream; `sequence` is the last turn there was."""
        self.language = language
        self.sequence = sequence
        self._follower = asyncio.create_task(self._follow())

    def close(self) -> None:
        if self._follower:
            self._follower.cancel()

    async def start_turn(self, heard: str) -> None:
        """Ask for the answer to what was heard; a turn that is still open is talked over."""
        await self.cut_short()
        self.sequence += 1
        self.turn = OpenTurn(self.sequence, heard=heard)
        self._timers.set("word", settings.TURN_WORD_SECONDS, self._fill)
        await self._ask(self.turn)

    def resume_turn(self) -> None:
        """Speak a turn that was asked for before this socket opened, from its beginning."""
        self.turn = OpenTurn(self.sequence, asked_attempt=MAX_ATTEMPTS)
        self._timers.set("life", STALL_SECONDS, self._ask_again)

    async def cut_short(self, utterance: str | None = None) -> None:
        """The person speaks: nothing more of the open turn is said, and its record keeps what was heard.

        `utterance` is what the carrier had spoken last; without it everything sent so far counts as heard.
        """
        turn = self.turn or (self.last_turn if utterance is not None else None)
        if turn is None:
            return
        heard = turn.text if utterance is None else turn.heard_part(utterance)
        self._close_turn(turn)
        self.last_turn = None
        await self._guard(turn_stream.cancel(redis(), self.call_id, turn.sequence, heard=heard))
        await self._guard(
            off_the_loop(dispatch.ask_to_keep_heard, call_id=self.call_id, sequence=turn.sequence, heard=heard)
        )

    async def say(self, text: str, *, is_last: bool = True) -> None:
        await self._send_frame(type="text", token=text, last=is_last)

    async def end(self, reason: str) -> None:
        """Close the conversation; the carrier then asks the web door how the call goes on.

        A wish goes with it: the web door obeys it too, should the database not have answered here.
        """
        handoff = {"reason": reason} | ({"wish": self.wish} if self.wish else {})
        await self._send_frame(type="end", handoffData=json.dumps(handoff, ensure_ascii=False))

    # --- What the workers publish --------------------------------------------------------------------------------

    async def _follow(self) -> None:
        after = turn_stream.BEGINNING
        while True:
            try:
                async for entry in turn_stream.follow(redis(), self.call_id, after=after):
                    after = entry.id
                    if self.turn and self.turn.take(entry):
                        await self._speak(self.turn, entry)
            except RedisError as error:
                log.warning("turn_stream_lost", call=str(self.call_id), error=type(error).__name__)
                await asyncio.sleep(FOLLOW_AGAIN_SECONDS)

    async def _speak(self, turn: OpenTurn, entry: Entry) -> None:
        self._timers.set("life", STALL_SECONDS, self._ask_again)
        if entry.kind == EntryKind.WORDS:
            self._timers.clear("word")
            await self.say(entry.text, is_last=False)
        elif entry.kind == EntryKind.DONE:
            await self._finish(turn)

    async def _finish(self, turn: OpenTurn) -> None:
        self._close_turn(turn)
        self.last_turn = turn
        await self.say("")
        await self._when_said(turn)

    def _close_turn(self, turn: OpenTurn) -> None:
        turn.is_done = True
        self.turn = None
        self._timers.clear("life", "word")

    # --- Deadlines -----------------------------------------------------------------------------------------------

    async def _ask(self, turn: OpenTurn) -> None:
        self._timers.set("life", settings.TURN_LIFE_SECONDS, self._ask_again)
        asking = off_the_loop(
            dispatch.ask_for_turn,
            call_id=self.call_id,
            sequence=turn.sequence,
            heard=turn.heard,
            attempt=turn.asked_attempt,
        )
        if not await self._guard(asking):
            await self._give_up()

    async def _ask_again(self) -> None:
        """No sign of life, or none for too long: another worker takes the turn over, at most twice."""
        if self.turn is None:
            return
        log.warning("turn_without_life", call=str(self.call_id), sequence=self.turn.sequence)
        if self.turn.asked_attempt >= MAX_ATTEMPTS:
            await self._give_up()
            return
        self.turn.asked_attempt += 1
        await self._ask(self.turn)

    async def _fill(self) -> None:
        if turn := self.turn:
            words = line(Line.ONE_MOMENT, self.language)
            await self.say(words, is_last=False)
            await self._guard(turn_stream.note_filler(redis(), self.call_id, turn.sequence, words))

    async def _give_up(self) -> None:
        if turn := self.turn:
            turn.said.append(line(Line.OPTED_OUT if self.wish else Line.TROUBLE, self.language))
            turn.end_reason = EndReason.OPTED_OUT if self.wish else "no_worker"
            await self.say(turn.said[-1], is_last=False)
            await self._finish(turn)
            await self._guard(turn_stream.cancel(redis(), self.call_id, turn.sequence, heard=turn.text))
            rescue(record_failure, call_id=self.call_id, sequence=turn.sequence, heard=turn.heard, said=turn.text)

    async def _guard(self, doing: Awaitable[Any]) -> bool:
        """Await something of Redis; False when Redis failed, which must never end the conversation by itself."""
        try:
            await doing
        except RedisError as error:
            log.warning("redis_failed", call=str(self.call_id), error=type(error).__name__)
            return False
        return True

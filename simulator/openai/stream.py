"""A chat completion as server-sent events, and the ways in which such a stream breaks."""

import asyncio
import json
import re
import time
from typing import Any

from aiohttp import web

from simulator.network import NETWORK
from simulator.openai.completion import Completion, Frames, finish_reason
from simulator.openai.errors import refusal_by
from simulator.openai.request import ChatRequest
from simulator.timings import ModelRequest

TOKENS_PER_SECOND = 60.0
SENTENCE_END = re.compile(r"[.!?…]\s*$")
STALL_SECONDS = 600.0
"""As long as the SDK's own patience."""


class Stream:
    def __init__(
        self,
        request: web.Request,
        chat: ChatRequest,
        completion: Completion,
        reading: ModelRequest,
        headers: dict[str, str],
    ) -> None:
        self._request, self._completion, self._reading = request, completion, reading
        self._network = request.app[NETWORK]
        self._with_usage = chat.stream_option("include_usage", default=False)
        self._frames = Frames(
            completion,
            with_usage=self._with_usage,
            is_obfuscated=chat.stream_option("include_obfuscation", default=True),
        )
        kind = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        self._response = web.StreamResponse(headers=headers | kind)

    async def send(self) -> web.StreamResponse:
        await self._response.prepare(self._request)
        roles = (self._frames.delta(index, {"role": "assistant", "content": ""}) for index in self._indexes())
        await self._write("".join(roles))
        if await self._send_paced():
            await self._finish()
        self._reading.finished_at = time.monotonic()
        return self._response

    def _indexes(self) -> range:
        return range(len(self._completion.replies))

    async def _send_paced(self) -> bool:
        """Each token at its due time, several at once when the clock has run ahead. False when the stream broke."""
        started, interval = time.monotonic(), 1 / tokens_per_second(self._request)
        deltas = list(self._completion.deltas())
        breaks_at, waiting = self._break_place(len(deltas)), ""
        for place, (index, delta) in enumerate(deltas):
            if place == breaks_at and await self._break(waiting):
                return False
            wait = started + place * interval - time.monotonic()
            if wait > 0:
                waiting = await self._write(waiting)
                await asyncio.sleep(wait)
            waiting += self._frames.delta(index, delta)
            self._note(delta)
        await self._write(waiting)
        return breaks_at < len(deltas) or not await self._break("")

    def _break_place(self, count: int) -> int:
        """In the middle, but never before the first word."""
        return max(1, count // 2)

    async def _break(self, waiting: str) -> bool:
        """Whether a fault strikes here; the words before it are on their way first."""
        faults = self._network.faults
        if faults.strikes("model_stream_error"):
            error = json.dumps({"error": refusal_by(status=500).error()})
            await self._write(f"{waiting}data: {error}\n\n")
            return True
        if faults.strikes("model_cuts"):
            await self._write(waiting)
            cut_connection(self._request)
            return True
        if faults.strikes("model_stalls"):
            await self._write(waiting)
            await asyncio.sleep(STALL_SECONDS)
        return False

    async def _finish(self) -> None:
        ends = [
            self._frames.delta(index, {}, finish_reason(self._completion.replies[index])) for index in self._indexes()
        ]
        if self._with_usage:
            ends.append(self._frames.usage())
        if not self._network.faults.strikes("model_no_done"):
            ends.append("data: [DONE]\n\n")
        await self._write("".join(ends))
        await self._response.write_eof()

    def _note(self, delta: dict[str, Any]) -> None:
        now = time.monotonic()
        if self._reading.first_token_at is None:
            self._reading.first_token_at = now
        if self._reading.first_sentence_at is None and SENTENCE_END.search(delta.get("content", "")):
            self._reading.first_sentence_at = now

    async def _write(self, frames: str) -> str:
        """Returns what is left to write: nothing."""
        if frames:
            await self._response.write(frames.encode())
        return ""


def tokens_per_second(request: web.Request) -> float:
    network = request.app[NETWORK]
    return network.faults.tokens_per_second or TOKENS_PER_SECOND * network.pace.speed


def cut_connection(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()

"""The account's rate: calls above it wait as `queued`, in the order in which they came."""

import asyncio
import time
from collections import deque
from typing import Any

from simulator.twilio.errors import TwilioError

LONGEST_WAIT_SECONDS = 24 * 3600


class CallQueue:
    """A bucket that holds one token and is filled `calls_per_second` times a second, `speed` times as fast."""

    def __init__(self, calls_per_second: float, speed: float) -> None:
        self._calls_per_second = calls_per_second
        self._interval = 1 / (calls_per_second * speed)
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._reserved = 0
        self._next_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def reserve(self) -> int:
        """The milliseconds that the next call will be told to wait; refuses more than a day of work."""
        position = len(self._waiting) + self._reserved
        if time.monotonic() < self._next_at:
            position += 1
        if position / self._calls_per_second > LONGEST_WAIT_SECONDS:
            raise TwilioError(22005)
        self._reserved += 1
        return round(position * 1000 / self._calls_per_second)

    async def wait_for_turn(self, ended: "asyncio.Future[Any]") -> None:
        """Whoever gives up leaves the queue, and the others move up."""
        self._reserved -= 1
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._serve()
        try:
            await asyncio.wait({turn, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _serve(self) -> None:
        """A late timer is made good, an idle hour is not."""
        now = time.monotonic()
        while self._waiting and now >= self._next_at:
            self._waiting.popleft().set_result(None)
            was_idle = now - self._next_at > self._interval
            self._next_at = (now if was_idle else self._next_at) + self._interval
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, self._next_at - now), self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._serve()

"""Named deadlines on the running loop: setting one again moves it, and all of them end with the call."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


class Timers:
    def __init__(self) -> None:
        self._handles: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    def set(self, name: str, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        self.clear(name)
        self._handles[name] = asyncio.get_running_loop().call_later(seconds, self._fire, name, act)

    def clear(self, *names: str) -> None:
        for name in names:
            if handle := self._handles.pop(name, None):
                handle.cancel()

    def clear_all(self) -> None:
        self.clear(*list(self._handles))
        for task in self._tasks:
            task.cancel()

    def _fire(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        self._handles.pop(name, None)
        task = asyncio.ensure_future(act())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

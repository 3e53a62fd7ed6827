"""What one sockets process keeps open: its Redis client, and the threads that enqueue so that the loop never waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

from redis.asyncio import Redis

from calls import turn_stream

ENQUEUING_THREADS = 2


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(ENQUEUING_THREADS, thread_name_prefix="enqueue")


_clients: dict[asyncio.AbstractEventLoop, Redis] = {}


def redis() -> Redis:
    """The running loop's client; its connections belong to that loop."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = turn_stream.async_redis()
    return _clients[loop]


async def off_the_loop(function: Callable[..., None], **arguments: Any) -> None:
    await asyncio.get_running_loop().run_in_executor(_threads(), partial(function, **arguments))

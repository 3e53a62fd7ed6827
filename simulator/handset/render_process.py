"""The way to a process that makes sound, so that no handset waits for it.

A thread would not do: whoever computes holds the interpreter for milliseconds at a time, and three hundred handsets
ask for it again with every frame they send.
"""

import asyncio
import os
import pickle
import sys
from pathlib import Path
from typing import Any

from simulator.handset.render_worker import LENGTH, Order, frame
from simulator.handset.rendering import Conversion, Rendered, RenderOrder
from simulator.sound.making import MadeSpeech, SpeechOrder

PACKAGES = Path(__file__).resolve().parents[2]
END_SECONDS = 1.0


class RenderProcess:
    """Started with the first order. `politeness` is what others have before it, as of `nice`."""

    def __init__(self, *, politeness: int) -> None:
        self._politeness = politeness
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._exchanges: set[asyncio.Task[Any]] = set()

    async def render(self, order: RenderOrder) -> Rendered:
        rendered: Rendered = await self._ask(order)
        return rendered

    async def convert(self, order: Conversion) -> None:
        await self._ask(order)

    async def speak(self, order: SpeechOrder) -> MadeSpeech:
        made: MadeSpeech = await self._ask(order)
        return made

    async def _ask(self, order: Order) -> Any:
        """Goes on when whoever asked is gone: half an exchange would leave its answer to the next."""
        exchange = asyncio.create_task(self._exchange(order))
        self._exchanges.add(exchange)
        exchange.add_done_callback(self._exchanges.discard)
        return await asyncio.shield(exchange)

    async def _exchange(self, order: Order) -> Any:
        async with self._turn:
            process = await self._running()
            writer, reader = process.stdin, process.stdout
            if writer is None or reader is None:
                raise RuntimeError("the process that makes audio files has no pipes")
            writer.write(frame(order))
            await writer.drain()
            (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
            answer = pickle.loads(await reader.readexactly(length))  # noqa: S301  (our own process)
        if isinstance(answer, RuntimeError):
            raise answer
        return answer

    async def _running(self) -> asyncio.subprocess.Process:
        """A process of its own session: the keyboard's interrupt is for the network, which ends this one."""
        if self._process is None or self._process.returncode is not None:
            paths = [str(PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "simulator.handset.render_worker",
                str(self._politeness),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,
            )
        return self._process

    async def close(self) -> None:
        exchanges = list(self._exchanges)
        for exchange in exchanges:
            exchange.cancel()
        await asyncio.gather(*exchanges, return_exceptions=True)
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), END_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

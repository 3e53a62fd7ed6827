"""The answer to a request for speech, as it leaves, whole or spoilt."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web

from simulator.elevenlabs.order import Order
from simulator.network import Network
from simulator.sound.making import MadeSpeech
from simulator.timings import SpeechRequest


@dataclass
class Delivery:
    """One request that was granted, while it is answered."""

    request: web.Request
    network: Network
    order: Order
    speech: MadeSpeech
    headers: dict[str, str]
    reading: SpeechRequest

    async def send(
        self, parts: AsyncIterator[bytes], *, content_type: str, length: int | None = None
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers=self.headers | {"Content-Type": content_type})
        if length is not None:
            response.content_length = length
        await response.prepare(self.request)
        sent = 0
        async for part in parts:
            part = await self._spoil(response, part, sent)
            self.reading.first_byte_at = self.reading.first_byte_at or time.monotonic()
            await response.write(part)
            sent += len(part)
        await response.write_eof()
        self.reading.finished_at = time.monotonic()
        return response

    async def _spoil(self, response: web.StreamResponse, part: bytes, sent: int) -> bytes:
        """Cuts the connection or stands still where the faults say so; returns what may still be sent."""
        faults = self.network.faults
        for name, limit in (
            ("speech_cut_after_bytes", faults.speech_cut_after_bytes),
            ("speech_stall_after_bytes", faults.speech_stall_after_bytes),
        ):
            if not limit or sent + len(part) <= limit or not faults.strikes(name):
                continue
            await response.write(part[: max(0, limit - sent)])
            if name == "speech_stall_after_bytes":
                await asyncio.Event().wait()
            if self.request.transport is not None:
                self.request.transport.abort()
            raise ConnectionResetError("cut as the fault says")
        return part

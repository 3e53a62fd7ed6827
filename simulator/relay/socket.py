"""The session's end of the socket: opens it, sends in order, and calls again where the application asked for that."""

import asyncio
import json
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
from yarl import URL

from simulator.pace import Pace
from simulator.twilio.webhook_client import WebhookClient

Frame = dict[str, Any]
CONNECT_SECONDS = 5.0
CLOSE_TIMEOUT = aiohttp.ClientWSTimeout(ws_close=2.0)
LARGEST_FRAME = 1 << 20
FLUSH_SECONDS = 2.0
BUFFERED_EVENTS = 500
RECONNECT_TRIES, RECONNECT_PAUSE_SECONDS = 5, 1.0
"""Not documented."""
SIGNATURE_HEADERS = ("X-Twilio-Signature", "x-amzn-bedrock-agentcore-runtime-custom-twilio-signature")
USER_AGENT = "Jetty/11.0.24"
CONNECT_FAILURES = (aiohttp.ClientError, ConnectionError, TimeoutError, OSError, ValueError)


class RelaySocket:
    def __init__(self, client: WebhookClient, pace: Pace, url: str) -> None:
        self._client, self._pace, self._url = client, pace, url
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._waiting: deque[tuple[Frame, Callable[[], None] | None]] = deque(maxlen=BUFFERED_EVENTS)
        self._news = asyncio.Event()
        self._sender: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Raises one of CONNECT_FAILURES."""
        signature = self._client.sign(self._url, {})
        headers = dict.fromkeys(SIGNATURE_HEADERS, signature) | {"User-Agent": USER_AGENT}
        async with asyncio.timeout(CONNECT_SECONDS):
            self._socket = await self._client.session.ws_connect(
                URL(self._url, encoded=True), headers=headers, max_msg_size=LARGEST_FRAME, timeout=CLOSE_TIMEOUT
            )
        self._sender = asyncio.create_task(self._send_forever(self._socket))

    async def reopen(self, first: Frame) -> bool:
        """Frames posted meanwhile wait behind `first`; the oldest of more than 500 are lost."""
        await self._stop_sending()
        for _ in range(RECONNECT_TRIES):
            await self._pace.sleep(RECONNECT_PAUSE_SECONDS)
            try:
                await self.open()
            except CONNECT_FAILURES:
                continue
            self._waiting.appendleft((first, None))  # the sender has had no chance to run yet
            self._news.set()
            return True
        return False

    def post(self, frame: Frame, leaving: Callable[[], None] | None = None) -> None:
        """Frames leave in the order in which they were posted; `leaving` is called right before."""
        self._waiting.append((frame, leaving))
        self._news.set()

    async def _send_forever(self, relay: aiohttp.ClientWebSocketResponse) -> None:
        while not relay.closed:
            if not self._waiting:
                self._news.clear()
                await self._news.wait()
                continue
            frame, leaving = self._waiting.popleft()
            if leaving:
                leaving()
            try:
                await relay.send_str(json.dumps(frame, ensure_ascii=False))
            except (aiohttp.ClientError, ConnectionError):
                return  # the reading loop notices, too

    async def messages(self) -> AsyncIterator[aiohttp.WSMessage]:
        if self._socket is not None:
            async for message in self._socket:
                yield message

    def cut(self) -> None:
        """Without a closing frame, as a broken network does."""
        if self._socket is not None and not self._socket.closed:
            self._socket.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    async def close(self, code: int, reason: str) -> None:
        """What was posted is still sent."""
        until = time.monotonic() + FLUSH_SECONDS
        while self._waiting and self._sender is not None and not self._sender.done() and time.monotonic() < until:
            await asyncio.sleep(0.001)
        await self._stop_sending()
        if self._socket is not None and not self._socket.closed:
            await self._socket.close(code=code, message=reason.encode())

    async def _stop_sending(self) -> None:
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
            self._sender = None

"""The other end of the line for benchmarks.handsets: answers every prompt with two sentences, and holds a stopwatch."""

import contextlib
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import WSMsgType, web

GREETING = "Buenos días, le llamo de la clínica para confirmar su cita."
ANSWERS = (
    ("Muy bien, tomo nota de lo que me dice. ", "¿Le viene bien el martes a las diez?"),
    ("Perfecto, queda todo anotado en la ficha. ", "¿Sigue siendo correcto su correo electrónico?"),
    ("De acuerdo, muchas gracias por decírmelo. ", "¿Quiere que le avisemos el día anterior?"),
)
FAREWELL = "Gracias por su tiempo. Adiós."


class HandsetApplication:
    """Notes how long each part of a sentence took, from the frame before it to the frame that says it was spoken."""

    def __init__(self, *, ends_after: int | None) -> None:
        self._ends_after = ends_after
        self.spoken: defaultdict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, str] = {}
        self.live = 0
        self.url = ""

    def lateness(self) -> list[float]:
        """Seconds by which each part came later than the most punctual handset spoke the same words."""
        return [seconds - min(durations) for durations in self.spoken.values() for seconds in durations]

    @contextlib.asynccontextmanager
    async def running(self, *, records: bool) -> AsyncIterator[None]:
        app = web.Application()
        app.add_routes(
            [
                web.post("/voice", self._voice),
                web.post("/status", self._status),
                web.post("/ended", self._ended),
                web.get("/relay", self._converse),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        recording = "<Start><Recording/></Start>" if records else ""
        self._document = (
            f'<Response>{recording}<Connect action="{self.url}/ended"><ConversationRelay language="es-ES" '
            f'url="{self.url.replace("http", "ws")}/relay" events="tokens-played speaker-events" '
            f'welcomeGreeting="{GREETING}"/></Connect></Response>'
        )
        try:
            yield
        finally:
            await runner.cleanup()

    async def _voice(self, request: web.Request) -> web.Response:
        return web.Response(text=self._document, content_type="text/xml")

    async def _ended(self, request: web.Request) -> web.Response:
        return web.Response(text="<Response/>", content_type="text/xml")

    async def _status(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.statuses[str(form["CallSid"])] = str(form["CallStatus"])
        return web.Response(status=204)

    async def _converse(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.live += 1
        conversation = Conversation(socket, self.spoken, self._ends_after)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await conversation.receive(json.loads(message.data))
        finally:
            self.live -= 1
        return socket


class Conversation:
    def __init__(
        self, socket: web.WebSocketResponse, spoken: defaultdict[str, list[float]], ends_after: int | None
    ) -> None:
        self._socket, self._spoken, self._ends_after = socket, spoken, ends_after
        self._turns = 0
        self._is_leaving = False
        self._speaks_since: float | None = None

    async def receive(self, frame: dict[str, Any]) -> None:
        now = time.monotonic()
        if frame["type"] == "prompt" and frame["last"]:
            await self._answer()
        elif frame["type"] == "interrupt":
            self._speaks_since = None
        elif frame.get("name") == "agentSpeaking":
            self._speaks_since = now if frame["value"] == "on" else None
        elif frame.get("name") == "tokensPlayed":
            await self._note(frame["value"], now)

    async def _note(self, words: str, now: float) -> None:
        if self._speaks_since is not None:
            self._spoken[words].append(now - self._speaks_since)
        self._speaks_since = now
        if self._is_leaving and FAREWELL.endswith(words.strip()):
            await self._socket.send_json({"type": "end", "handoffData": "{}"})

    async def _answer(self) -> None:
        if self._ends_after is not None and self._turns >= self._ends_after:
            self._is_leaving = True
            await self._say(FAREWELL)
            return
        await self._say(*ANSWERS[self._turns % len(ANSWERS)])
        self._turns += 1

    async def _say(self, *tokens: str) -> None:
        for token in tokens:
            await self._socket.send_json({"type": "text", "token": token, "last": False})
        await self._socket.send_json({"type": "text", "token": "", "last": True})

"""Anyone's TwiML and ConversationRelay server, as small as it can be: the other side of the practice network."""

import asyncio
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMessage, WSMsgType, web
from twilio.request_validator import RequestValidator

from tests.simulator.server import AUTH_TOKEN, wait_until

Form = dict[str, str]
Talk = Callable[[web.WebSocketResponse, dict[str, Any]], Awaitable[None]]


@dataclass
class Hit:
    """One request of the network. `signed` is what Twilio's own validator said."""

    path: str
    form: Form
    headers: dict[str, str]
    signed: bool
    method: str = "POST"


@dataclass
class Application:
    """Documents by path: text, or a function of the form. Unknown paths answer 204.

    `ended` holds the calls of earlier tests: late news of them is answered and forgotten.
    """

    documents: dict[str, str | bytes | Callable[[Form], str]] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    talk: Talk | None = None
    hits: list[Hit] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[dict[str, Any]] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    base_url: str = ""

    @property
    def ws_url(self) -> str:
        return self.base_url.replace("http://", "ws://")

    def hits_at(self, path: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.path == path]

    def wait_for_hit(self, path: str, count: int = 1) -> Hit:
        wait_until(lambda: len(self.hits_at(path)) >= count)
        return self.hits_at(path)[count - 1]

    def frames_of(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == kind]

    def wait_for_frame(self, kind: str, count: int = 1) -> dict[str, Any]:
        wait_until(lambda: len(self.frames_of(kind)) >= count)
        return self.frames_of(kind)[count - 1]

    def reset(self) -> None:
        fresh = Application(base_url=self.base_url, ended=self.ended)
        self.__dict__.update(fresh.__dict__)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        url = self.base_url + request.raw_path
        signature = request.headers.get("X-Twilio-Signature", "")
        signed = bool(signature) and RequestValidator(AUTH_TOKEN).validate(url, form, signature)
        if form.get("CallSid") in self.ended:
            return web.Response(status=204)
        self.hits.append(Hit(request.path, form, dict(request.headers), signed, request.method))
        document = self.documents.get(request.path)
        status = self.statuses.get(request.path, 204 if document is None else 200)
        text = document(form) if callable(document) else document
        body = text if isinstance(text, bytes) else (text or "").encode()
        headers = {"Content-Type": "text/xml"} | self.headers.get(request.path, {})
        return web.Response(body=body, status=status, headers=headers)

    async def converse(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        url = self.ws_url + request.raw_path
        signature = request.headers.get("X-Twilio-Signature", "")
        entry = {"path": request.path, "signed": RequestValidator(AUTH_TOKEN).validate(url, {}, signature)}
        self.sockets.append(entry)
        async for message in socket:
            await self._receive(socket, message)
        entry["close_code"] = socket.close_code
        return socket

    async def _receive(self, socket: web.WebSocketResponse, message: WSMessage) -> None:
        if message.type is not WSMsgType.TEXT:
            return
        frame = json.loads(message.data)
        self.frames.append(frame)
        if self.talk is not None:
            await self.talk(socket, frame)


class ApplicationThread:
    """Runs one Application on its own loop."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self.application = Application()
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Application:
        self._thread.start()
        self._ready.wait(60)
        return self.application

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._serve())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _serve(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/relay/{name}", self.application.converse)
        app.router.add_route("*", "/{path:.*}", self.application.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._tls).start()
        scheme = "https" if self._tls else "http"
        self.application.base_url = f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
        return runner


@contextmanager
def running_application(tls: ssl.SSLContext | None = None) -> Iterator[Application]:
    thread = ApplicationThread(tls)
    try:
        yield thread.start()
    finally:
        thread.stop()


async def say(socket: web.WebSocketResponse, *tokens: str) -> None:
    """One message, token by token."""
    for token in tokens:
        await socket.send_json({"type": "text", "token": token, "last": False})
    await socket.send_json({"type": "text", "token": "", "last": True})

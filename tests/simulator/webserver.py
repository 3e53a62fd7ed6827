"""A web server of a few lines inside the test's own loop, for what only one request shows."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from twilio.request_validator import RequestValidator

TOKEN = "12345678901234567890123456789012"
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Seen:
    """One request as the application sees it: `url` is built from what arrived."""

    method: str
    url: str
    form: dict[str, str]
    headers: dict[str, str]

    def is_signed(self, form: dict[str, str] | None = None) -> bool:
        signature = self.headers.get("X-Twilio-Signature", "")
        return RequestValidator(TOKEN).validate(self.url, self.form if form is None else form, signature)


@dataclass
class WebServer:
    base_url: str
    seen: list[Seen] = field(default_factory=list)


@asynccontextmanager
async def web_server(answer: Answering, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[WebServer]:
    scheme = "https" if tls else "http"
    server = WebServer("")

    async def note(request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        url = f"{server.base_url}{request.raw_path}"
        server.seen.append(Seen(request.method, url, form, dict(request.headers)))
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", note)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    server.base_url = f"{scheme}://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


async def say_nothing(request: web.Request) -> web.StreamResponse:
    return web.Response(status=204)

"""A ConversationRelay server on the `websockets` library, with or without TLS: what one session sent it, and when."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from tests.simulator.server import wait_until

Frame = dict[str, Any]
Send = Callable[..., None]
Answer = Callable[[Frame, "Session"], None]


@dataclass
class Session:
    """One socket. `times` are seconds of time.monotonic(), one for each frame."""

    connection: ServerConnection
    frames: list[Frame] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    closed_at: float = 0.0

    @property
    def headers(self) -> dict[str, str]:
        request = self.connection.request
        assert request is not None
        return dict(request.headers.raw_items())

    @property
    def ending(self) -> tuple[int | None, str | None]:
        return self.connection.close_code, self.connection.close_reason

    def send(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def say(self, *tokens: str, **flags: Any) -> None:
        """One message, token by token."""
        for token in tokens:
            self.send(type="text", token=token, last=False, **flags)
        self.send(type="text", token="", last=True)

    def of(self, kind: str) -> list[Frame]:
        return [frame for frame in list(self.frames) if frame["type"] == kind]

    def info(self, name: str) -> list[str]:
        return [frame["value"] for frame in self.of("info") if frame["name"] == name]

    def wait_for(self, kind: str, count: int = 1) -> Frame:
        wait_until(lambda: len(self.of(kind)) >= count, seconds=20)
        return self.of(kind)[count - 1]

    def time_of(self, **wanted: Any) -> float:
        """When the first frame with these values arrived."""

        def fitting() -> list[float]:
            pairs = zip(list(self.times), list(self.frames), strict=False)
            return [moment for moment, frame in pairs if wanted.items() <= frame.items()]

        return float(wait_until(fitting, seconds=20)[0])


@dataclass
class RelayServer:
    url: str = ""
    answer: Answer | None = None
    sessions: list[Session] = field(default_factory=list)
    refuses: bool = False

    def session(self, number: int = 1) -> Session:
        wait_until(lambda: len(self.sessions) >= number)
        return self.sessions[number - 1]

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "") if self.refuses else None

    def converse(self, connection: ServerConnection) -> None:
        session = Session(connection)
        self.sessions.append(session)
        try:
            for message in connection:
                session.times.append(time.monotonic())
                session.frames.append(json.loads(message))
                if self.answer:
                    self.answer(session.frames[-1], session)
        except ConnectionClosed:
            pass
        session.closed_at = time.monotonic()


@contextmanager
def relay_server(tls: ssl.SSLContext | None = None, answer: Answer | None = None) -> Iterator[RelayServer]:
    server = RelayServer(answer=answer)
    with serve(server.converse, "127.0.0.1", 0, ssl=tls, close_timeout=1, process_request=server.admit) as listening:
        port = listening.socket.getsockname()[1]
        server.url = f"{'wss' if tls else 'ws'}://127.0.0.1:{port}/ws/7"
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join(10)

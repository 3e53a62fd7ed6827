"""Small servers that answer as a test scripts them, for what the practice network does not do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

EVENT_STREAM = "text/event-stream"


@dataclass
class Answer:
    """One answer: `body` may be cut off, or never come (`stalls`)."""

    body: str = ""
    status: int = 200
    content_type: str = EVENT_STREAM
    stalls: bool = False


@dataclass
class Scripted:
    """`answers` are given in turn, the last one for ever; `requests` are the bodies that came, `peers` from where."""

    answers: list[Answer]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    peers: list[tuple[str, int]] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def scripted_server(*answers: Answer) -> Iterator[Scripted]:
    script = Scripted(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            script.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            script.headers.append({name.lower(): value for name, value in self.headers.items()})
            script.peers.append(self.client_address)
            answer = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            body = answer.body.encode()
            self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body) if body else b"")
            self.wfile.flush()
            if answer.stalls:
                script.released.wait(20)
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *args: Any) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    script.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        script.released.set()
        server.shutdown()
        server.server_close()


def says(*texts: str, tool: str = "", arguments: str = "{}", finish: str = "stop") -> Answer:
    """A streamed answer of the model: words, then perhaps a tool whose arguments come in two fragments."""
    events = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in texts]
    if tool:
        first = {"index": 0, "id": "call_1", "function": {"name": tool, "arguments": arguments[:4]}}
        second = {"index": 0, "function": {"arguments": arguments[4:]}}
        events += [{"choices": [{"index": 0, "delta": {"tool_calls": [part]}}]} for part in (first, second)]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls" if tool else finish}]})
    events.append({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 3}})
    return Answer("".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n")

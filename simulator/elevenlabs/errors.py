"""Refusals in ElevenLabs' shapes (https://elevenlabs.io/docs/developer-guides/error-messages).

The older shape is an object with status and message; since 2026 there is one with type, code, message and request_id;
some refusals were plain text. A 422 is a list, as FastAPI writes it.
"""

import secrets
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

ErrorShape = Literal["new", "old", "text"]
SHAPES: tuple[ErrorShape, ...] = ("new", "old", "text")
TYPES = {
    401: "authentication_error",
    403: "authorization_error",
    404: "not_found",
    409: "conflict",
    429: "rate_limit_error",
}
"""Only the first was seen alive; the others are likely."""


@dataclass(frozen=True)
class Problem:
    """One entry of a 422: where, what is wrong, and FastAPI's name for it."""

    place: tuple[str | int, ...]
    message: str
    kind: str

    def body(self) -> dict[str, Any]:
        return {"loc": list(self.place), "msg": self.message, "type": self.kind}


class SpeechRefused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    def response(self, shape: str) -> web.Response:
        return web.json_response({"detail": self._detail(shape)}, status=self.status)

    def _detail(self, shape: str) -> object:
        if shape == "text":
            return self.message
        if shape == "old":
            return {"status": self.code, "message": self.message}
        return {
            "type": TYPES.get(self.status, "internal_error" if self.status >= 500 else "validation_error"),
            "code": self.code,
            "message": self.message,
            "request_id": secrets.token_hex(16),
        }


class InvalidOrder(SpeechRefused):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(422, "invalid_request", "; ".join(problem.message for problem in problems))
        self._problems = problems

    def _detail(self, shape: str) -> object:
        return [problem.body() for problem in self._problems]

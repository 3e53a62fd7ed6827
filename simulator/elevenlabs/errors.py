"""Refusals in ElevenLabs' two shapes: detail as object, and detail as list for 422."""

import secrets
from typing import Any

from aiohttp import web


class SpeechRefused(Exception):
    def __init__(self, status: int, code: str, message: str, detail: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.detail = status, code, message, detail

    def response(self) -> web.Response:
        """`status` is the old name of `code`: both are sent, as clients read either."""
        detail: object = self.detail or {
            "type": "authentication_error" if self.status == 401 else "invalid_request",
            "code": self.code,
            "status": self.code,
            "message": self.message,
            "request_id": secrets.token_hex(16),
        }
        return web.json_response({"detail": detail}, status=self.status)


def missing_field(name: str, message: str) -> SpeechRefused:
    kind = "missing" if message == "Field required" else "value_error"
    place = ["body"] if name == "body" else ["body", name]
    return SpeechRefused(422, kind, message, [{"loc": place, "msg": message, "type": kind}])

"""Refusals in OpenAI's shape."""

from aiohttp import web

TYPES = {401: "invalid_request_error", 429: "rate_limit_error"}


class ModelRefused(Exception):
    def __init__(self, status: int, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param

    def response(self) -> web.Response:
        kind = TYPES.get(self.status, "server_error" if self.status >= 500 else "invalid_request_error")
        error = {"message": self.message, "type": kind, "param": self.param, "code": self.code}
        headers = {"Retry-After": "1"} if self.status == 429 else {}
        return web.json_response({"error": error}, status=self.status, headers=headers)

"""Refusals in OpenAI's shape."""

from aiohttp import web

TYPES = {403: "invalid_request_error", 429: "rate_limit_error"}
CODES = {
    401: "invalid_api_key",
    403: "unsupported_country_region_territory",
    404: "model_not_found",
    409: "conflict",
    422: "unprocessable_entity",
    429: "rate_limit_exceeded",
}
STATUSES = {code: status for status, code in CODES.items()} | {
    "insufficient_quota": 429,
    "context_length_exceeded": 400,
    "server_error": 500,
}
MESSAGES = {
    400: "Your request was malformed.",
    401: "Incorrect API key provided.",
    403: "Country, region, or territory not supported",
    404: "The model does not exist or you do not have access to it.",
    409: "Your request conflicts with another one.",
    422: "Your request could not be processed.",
    429: "Rate limit reached for requests",
    500: "The server had an error while processing your request. Sorry about that!",
    503: "The engine is currently overloaded, please try again later",
}
QUOTA = "You exceeded your current quota, please check your plan and billing details."


class ModelRefused(Exception):
    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param
        self.retry_after_seconds = retry_after_seconds

    def response(self) -> web.Response:
        return web.json_response({"error": self.error()}, status=self.status, headers=self.headers())

    def error(self) -> dict[str, str | None]:
        return {"message": self.message, "type": self.kind(), "param": self.param, "code": self.code}

    def kind(self) -> str:
        if self.code == "insufficient_quota":
            return self.code
        return TYPES.get(self.status, "server_error" if self.status >= 500 else "invalid_request_error")

    def headers(self) -> dict[str, str]:
        """An empty purse does not fill while one waits, so the SDKs are told not to try again."""
        headers = {}
        if self.retry_after_seconds is not None:
            headers["Retry-After"] = f"{self.retry_after_seconds:g}"
        if self.status == 429:
            headers["x-should-retry"] = "false" if self.code == "insufficient_quota" else "true"
        return headers


def refusal_by(*, status: int = 0, code: str = "", retry_after_seconds: float = 1.0) -> ModelRefused:
    """The refusal of this status, or of this code, as OpenAI words it."""
    status = status or STATUSES.get(code, 500)
    code = code or CODES.get(status, "")
    message = QUOTA if code == "insufficient_quota" else MESSAGES.get(status, f"The request failed ({status}).")
    waits = status in (429, 503) and code != "insufficient_quota"
    return ModelRefused(status, message, code=code or None, retry_after_seconds=retry_after_seconds if waits else None)

"""Refusals in Twilio's shape (error dictionary: https://www.twilio.com/docs/api/errors)."""

from aiohttp import web

MESSAGES: dict[int, tuple[int, str]] = {
    10001: (401, "Account is not active"),
    10004: (429, "Call concurrency limit exceeded"),
    20001: (400, "Unknown parameters"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20005: (401, "Account not active"),
    20009: (409, "Cannot delete this resource before it has completed"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service Unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url parameter is required, or is not a valid URL."),
    21206: (400, "Invalid SendDigits"),
    21208: (400, "Invalid Timeout"),
    21209: (400, "Invalid Method"),
    21210: (400, "'From' phone number not verified"),
    21211: (400, "The phone number you are attempting to call is not valid."),
    21212: (400, "Invalid From Number (caller ID)"),
    21213: (400, "No 'From' number is specified"),
    21214: (400, "'To' phone number cannot be reached"),
    21215: (400, "Account not authorized to call this number: see Voice Geographic Permissions"),
    21216: (403, "Account not allowed to call this number"),
    21217: (400, "Phone number does not appear to be valid"),
    21218: (400, "Invalid ApplicationSid"),
    21219: (400, "'To' phone number not verified"),
    21220: (400, "Invalid call state. Call is not in-progress. Cannot redirect."),
    21262: (400, "AsyncAmd needs an AsyncAmdStatusCallback"),
    21263: (400, "Invalid MachineDetection value"),
    21264: (400, "'To' phone number is not allowed for trial accounts"),
    22005: (400, "The call queue is full"),
}


class TwilioError(Exception):
    def __init__(self, code: int, message: str = "") -> None:
        self.status, default = MESSAGES.get(code, (400, "The request was refused"))
        self.code = code
        self.message = message or default
        super().__init__(self.message)

    def response(self) -> web.Response:
        body = {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return web.json_response(body, status=self.status)

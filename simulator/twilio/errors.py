"""Refusals in Twilio's shapes (error dictionary: https://www.twilio.com/docs/api/errors)."""

from aiohttp import web

TRIAL_RESTRICTION = (
    "Invalid or disallowed parameters provided - trial accounts have limited parameter access. "
    "Upgrade the account to use all of them."
)
MESSAGES: dict[int, tuple[int, str]] = {
    0: (400, TRIAL_RESTRICTION),
    10001: (401, "Account is not active"),
    10004: (429, "Call concurrency limit exceeded"),
    20001: (400, "Unknown parameters"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20005: (401, "Account not active"),
    20008: (403, "This resource is not open to test credentials"),
    20009: (409, "Cannot delete this resource before it has completed"),
    20404: (404, "The requested resource was not found"),
    20422: (422, "Invalid parameter"),
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
    21610: (400, "The recipient has opted out of messages"),
    22005: (400, "The call queue holds more than a day of calls"),
    32018: (400, "Twiml is longer than 4000 characters"),
    32019: (400, "Twiml was ignored because a Url was given"),
    573005: (400, "Recipient verification has not been completed"),
}
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class TwilioError(Exception):
    """A code that the table lacks is refused with 400, as most of Twilio's are."""

    def __init__(self, code: int, message: str = "") -> None:
        self.status, default = MESSAGES.get(code, (400, f"The request was refused with error {code}"))
        self.code = code
        self.message = message or default
        super().__init__(self.message)

    @property
    def more_info(self) -> str:
        return f"https://www.twilio.com/docs/errors/{self.code}"

    def response(self) -> web.Response:
        body = {"code": self.code, "message": self.message, "more_info": self.more_info, "status": self.status}
        headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if self.status == 401 else {}
        return web.json_response(body, status=self.status, headers=headers)

    def problem(self) -> web.Response:
        """RFC 9457, the shape of Twilio's newer services."""
        body = {
            "type": self.more_info,
            "title": self.message,
            "status": self.status,
            "code": self.code,
            "detail": self.message,
            "instance": None,
        }
        return web.json_response(body, status=self.status, content_type="application/problem+json")


def gateway_page(status: int) -> web.Response:
    """What a proxy before the API answers: no JSON at all."""
    return web.Response(text=BAD_GATEWAY.replace("502", str(status)), status=status, content_type="text/html")

"""Twilio's codes for a ConversationRelay session that fails (https://www.twilio.com/docs/api/errors)."""

MESSAGES = {
    64101: "Invalid settings",
    64102: "Unable to connect to websocket URL",
    64105: "Websocket ended",
    64106: "Invalid argument",
    64107: "Invalid message received",
    64108: "RTP timeout",
    64109: "Concurrency limit exceeded",
    64114: "ASR provider error",
}
"""Those of 64102 and 64105 were seen on calls; the others are not documented word for word."""


class RelayFailed(Exception):
    """The session is over; the application learns of it at the action of its Connect."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"{code} {reason or MESSAGES.get(code, '')}".strip())
        self.code = code
        self.message = MESSAGES.get(code, "Session failed")
        if reason and code in (64101, 64106):
            self.message = f"{self.message}: {reason}"

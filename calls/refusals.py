"""What staff asked for cannot be done."""


class CallRefused(Exception):
    """The message is for people; `reason` is the code behind it (a `PassOverReason` or an `EndReason`)."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason

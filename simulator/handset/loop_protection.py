"""Documents that lead to each other for ever."""

from dataclasses import dataclass

from simulator.twilio.webhook_client import WebhookFailed

RETRIEVAL_LIMIT = 14106
MOST_IN_A_ROW = 50
MOST_OF_A_CALL = 2000


@dataclass
class LoopProtection:
    """Twilio ends such calls by its retrieval limit (14106); how many documents it allows is not documented."""

    most: int = MOST_OF_A_CALL
    in_a_row: int = 0
    of_the_call: int = 0

    def count(self, url: str) -> None:
        """Raises WebhookFailed."""
        self.in_a_row += 1
        self.of_the_call += 1
        if self.in_a_row > MOST_IN_A_ROW:
            raise WebhookFailed(RETRIEVAL_LIMIT, url, f"{MOST_IN_A_ROW} documents in a row said and asked nothing")
        if self.of_the_call > self.most:
            raise WebhookFailed(RETRIEVAL_LIMIT, url, f"more than {self.most} documents in one call")

    def something_happens(self) -> None:
        """What takes the person's time is no endless loop."""
        self.in_a_row = 0

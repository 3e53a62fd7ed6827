"""How long a call may go without news before the sweeper asks the carrier about it. Pure."""

from datetime import datetime, timedelta

from calls.models.call import CallStatus

UNTIL_ENQUEUED_AGAIN = timedelta(seconds=15)
UNTIL_ASKED_ABOUT_TALK = timedelta(seconds=60)
RINGING_MARGIN = timedelta(seconds=30)
"""Routes add some 5 s to the asked ringing time; the rest is for news on its way."""
END_MARGIN = timedelta(seconds=60)


def lease_until(*, status: str, now: datetime, ring_timeout_seconds: int) -> datetime:
    """When a call that has just come to this status is looked at."""
    if status == CallStatus.QUEUED:
        return now + UNTIL_ENQUEUED_AGAIN
    if status == CallStatus.IN_PROGRESS:
        return now + UNTIL_ASKED_ABOUT_TALK
    return now + timedelta(seconds=ring_timeout_seconds) + RINGING_MARGIN


def longest_life(*, ring_timeout_seconds: int, max_call_seconds: int) -> timedelta:
    """From being placed to the end, whatever happens; a call that lives longer is hung up."""
    return timedelta(seconds=ring_timeout_seconds + max_call_seconds) + END_MARGIN

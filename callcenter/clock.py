"""The one place where product code reads the time, so that tests can move it."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC and zone-aware."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never jumps, for measuring how long something took."""
    return time.monotonic()

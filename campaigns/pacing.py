"""How many calls may start, and when."""

from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

MICROSECONDS = 1_000_000


def free_capacity(*, in_flight: int, limit: int) -> int:
    """How many more calls fit below the limit."""
    return max(0, limit - in_flight)


def start_times(
    *, count: int, now: datetime, last_start_at: datetime | None, per_second: Decimal | float
) -> list[datetime]:
    """When the next `count` calls may start, evenly spaced and never closer than the rate allows.

    The first waits for its distance from the last start, so that ticks do not bunch calls. A rate of zero starts none.
    """
    if per_second <= 0:
        return []
    first = now if last_start_at is None else max(now, last_start_at + _spacing(1, per_second))
    return [first + _spacing(position, per_second) for position in range(count)]


def _spacing(starts: int, per_second: Decimal | float) -> timedelta:
    """Rounded up to the microsecond, so that rounding never beats the rate."""
    return timedelta(microseconds=ceil(starts * MICROSECONDS / per_second))

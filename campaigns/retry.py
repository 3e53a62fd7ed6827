"""Whether a contact is tried again, and when."""

from collections.abc import Mapping
from datetime import datetime, timedelta


def next_attempt(
    *, outcome: str, attempts: int, max_attempts: int, delays: Mapping[str, int], now: datetime
) -> datetime | None:
    """When to try again after `attempts` attempts, the last with this outcome; None: never again.

    `delays` holds seconds per outcome. An outcome without a delay is final.
    """
    if attempts >= max_attempts or outcome not in delays:
        return None
    return now + timedelta(seconds=delays[outcome])

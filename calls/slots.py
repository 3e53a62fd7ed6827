"""When the next calls start, spread fairly over the running campaigns. Pure.

Each campaign keeps its own distance between starts, and all together keep the distance of the carrier account; the
campaign that may start earliest comes first, so that none is starved by another.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from heapq import heapify, heappop, heappush
from math import ceil
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Wish(Generic[Key]):
    """A campaign that wants to start up to `count` calls."""

    key: Key
    count: int
    per_second: Decimal | float
    last_start_at: datetime | None


def plan_starts(
    wishes: Sequence[Wish[Key]],
    *,
    now: datetime,
    until: datetime,
    account_per_second: float,
    account_last_start_at: datetime | None,
    account_count: int,
) -> list[tuple[Key, datetime]]:
    """Who may start a call when, in order, not later than `until` and at most `account_count` in all."""
    free_at = _after(account_last_start_at, account_per_second, now)
    queue = [
        (_after(wish.last_start_at, wish.per_second, now), order, wish.count)
        for order, wish in enumerate(wishes)
        if wish.count > 0
    ]
    heapify(queue)
    plan: list[tuple[Key, datetime]] = []
    while queue and len(plan) < account_count:
        ready_at, order, count = heappop(queue)
        start_at = max(ready_at, free_at)
        if start_at > until:
            break
        plan.append((wishes[order].key, start_at))
        free_at = start_at + spacing(account_per_second)
        if count > 1:
            heappush(queue, (start_at + spacing(wishes[order].per_second), order, count - 1))
    return plan


def spacing(per_second: Decimal | float) -> timedelta:
    """The distance between two starts, rounded up so that rounding never beats the rate."""
    return timedelta(microseconds=ceil(MICROSECONDS / per_second))


def _after(last_start_at: datetime | None, per_second: Decimal | float, now: datetime) -> datetime:
    return now if last_start_at is None else max(now, last_start_at + spacing(per_second))

"""SAF-4: caps on attempts, frequency and concurrency, and starts per second, were kept at every instant.

Each call is measured by the limits that its evidence says were in force when it was placed.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from math import floor
from typing import Any
from uuid import UUID

from calls.facts import FREQUENCY_PERIOD
from calls.judge.findings import Case, Finding, Violation
from calls.models import Call
from calls.services.placing import LATEST_START

SECOND = timedelta(seconds=1)
ACCOUNT = "account"
ALLOWED_LATENESS = LATEST_START.total_seconds()


@dataclass(frozen=True, slots=True)
class Placed:
    id: UUID
    campaign: UUID
    membership: UUID | None
    number: str
    placed_at: datetime
    ended_at: datetime | None
    evidence: dict[str, Any]


def judge(case: Case) -> Finding:
    calls = [Placed(*row) for row in _rows()]
    violations = [*_too_many_attempts(calls), *_too_frequent(calls)]
    for scope, suffix in ((lambda call: call.campaign, ""), (lambda call: ACCOUNT, "_account")):
        violations += _too_many_at_once(calls, scope, f"calls_at_once{suffix}")
        violations += _too_fast(calls, scope, f"starts_per_second{suffix}")
    return Finding("SAF-4", "attempts, frequency, concurrency and rate within their limits", len(calls), violations)


def most_starts(per_second: float) -> int:
    """In any one second: starts are spaced by the rate, and each may be late by LATEST_START."""
    return floor(per_second * (1 + ALLOWED_LATENESS) + 1e-9) + 1


def _rows() -> Iterator[tuple]:
    placed = Call.objects.filter(placed_at__isnull=False).exclude(evidence={}).order_by("placed_at", "pk")
    columns = ("pk", "campaign", "membership", "number_hash", "placed_at", "ended_at", "evidence")
    return placed.values_list(*columns).iterator()


def _too_many_attempts(calls: list[Placed]) -> Iterator[Violation]:
    made: Counter[UUID | None] = Counter()
    for call in calls:
        made[call.membership] += 1
        if call.membership is not None and made[call.membership] > call.evidence["attempts_allowed"]:
            yield Violation(str(call.id), "attempts")


def _too_frequent(calls: list[Placed]) -> Iterator[Violation]:
    recent: dict[str, deque[datetime]] = defaultdict(deque)
    for call in calls:
        earlier = recent[call.number]
        while earlier and earlier[0] <= call.placed_at - FREQUENCY_PERIOD:
            earlier.popleft()
        if len(earlier) >= call.evidence["recent_calls_allowed"]:
            yield Violation(str(call.id), "frequency")
        earlier.append(call.placed_at)


def _too_many_at_once(calls: list[Placed], scope: Any, limit: str) -> Iterator[Violation]:
    ends: dict[Hashable, list[datetime]] = defaultdict(list)
    for call in calls:
        open_until = ends[scope(call)]
        while open_until and open_until[0] <= call.placed_at:
            heappop(open_until)
        heappush(open_until, call.ended_at or datetime.max.replace(tzinfo=call.placed_at.tzinfo))
        if len(open_until) > call.evidence[limit]:
            yield Violation(str(call.id), limit)


def _too_fast(calls: list[Placed], scope: Any, limit: str) -> Iterator[Violation]:
    starts: dict[Hashable, deque[datetime]] = defaultdict(deque)
    for call in calls:
        recent = starts[scope(call)]
        recent.append(call.placed_at)
        while recent[0] <= call.placed_at - SECOND:
            recent.popleft()
        if len(recent) > most_starts(call.evidence[limit]):
            yield Violation(str(call.id), limit)

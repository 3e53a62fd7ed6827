"""SAF-4: caps on attempts, frequency and concurrency, and starts per second, were kept at every instant.

Each call is measured by the limits that its evidence says were in force when it was placed.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from math import floor
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from calls.facts import FREQUENCY_PERIOD
from calls.judge.findings import Case, Finding, Violation
from calls.models import Call
from calls.services.placing import LATEST_START

SECOND = timedelta(seconds=1)
ACCOUNT = "account"
ALLOWED_LATENESS = LATEST_START.total_seconds()


@dataclass(frozen=True, slots=True)
class Placed:
    """`earlier_attempts` are the calls to this contact in this campaign before."""

    id: UUID
    campaign: UUID
    number: str
    placed_at: datetime
    ended_at: datetime | None
    evidence: dict[str, Any]
    earlier_attempts: int


Scope = Callable[[Placed], Hashable]
Rule = Callable[[Placed], bool]
"""Is shown every call in the order of placing, and says which of them break it. Keeps only what it still needs."""


def judge(case: Case) -> Finding:
    checked, violations = 0, []
    rules = _rules()
    for call in _calls(case):
        broken = [name for name, breaks in rules.items() if breaks(call)]
        if case.since is None or call.placed_at >= case.since:
            checked += 1
            violations += [Violation(str(call.id), name) for name in broken]
    return Finding("SAF-4", "attempts, frequency, concurrency and rate within their limits", checked, violations)


def most_starts(per_second: float) -> int:
    """In any one second: starts are spaced by the rate, and each may be late by LATEST_START."""
    return floor(per_second * (1 + ALLOWED_LATENESS) + 1e-9) + 1


def _rules() -> dict[str, Rule]:
    rules: dict[str, Rule] = {"attempts": _too_many_attempts, "frequency": _too_frequent()}
    for scope, suffix in ((lambda call: call.campaign, ""), (lambda call: ACCOUNT, "_account")):
        rules[f"calls_at_once{suffix}"] = _too_many_at_once(scope, f"calls_at_once{suffix}")
        rules[f"starts_per_second{suffix}"] = _too_fast(scope, f"starts_per_second{suffix}")
    return rules


def _calls(case: Case) -> Iterator[Placed]:
    """Beginning early enough for whatever may still be in the way of the first that is judged."""
    placed = Call.objects.filter(placed_at__isnull=False)
    earlier = placed.filter(membership=OuterRef("membership"), placed_at__lt=OuterRef("placed_at"))
    count = Coalesce(Subquery(earlier.order_by().values("membership").annotate(n=Count("pk")).values("n")), 0)
    if case.since is not None:
        placed = placed.filter(placed_at__gte=case.since - FREQUENCY_PERIOD)
    shown = placed.exclude(evidence={}).annotate(earlier=count).order_by("placed_at", "pk")
    columns = ("pk", "campaign", "number_hash", "placed_at", "ended_at", "evidence", "earlier")
    return (Placed(*row) for row in shown.values_list(*columns).iterator())


def _too_many_attempts(call: Placed) -> bool:
    return call.earlier_attempts >= call.evidence["attempts_allowed"]


def _too_frequent() -> Rule:
    recent: deque[tuple[datetime, str]] = deque()
    count: Counter[str] = Counter()

    def breaks(call: Placed) -> bool:
        while recent and recent[0][0] <= call.placed_at - FREQUENCY_PERIOD:
            _take_away(count, recent.popleft()[1])
        is_broken = count[call.number] >= call.evidence["recent_calls_allowed"]
        recent.append((call.placed_at, call.number))
        count[call.number] += 1
        return is_broken

    return breaks


def _take_away(count: Counter[str], number: str) -> None:
    """Counted no more, and forgotten at none."""
    count[number] -= 1
    if not count[number]:
        del count[number]


def _too_many_at_once(scope: Scope, limit: str) -> Rule:
    ends: dict[Hashable, list[datetime]] = defaultdict(list)

    def breaks(call: Placed) -> bool:
        open_until = ends[scope(call)]
        while open_until and open_until[0] <= call.placed_at:
            heappop(open_until)
        heappush(open_until, call.ended_at or datetime.max.replace(tzinfo=call.placed_at.tzinfo))
        return len(open_until) > call.evidence[limit]

    return breaks


def _too_fast(scope: Scope, limit: str) -> Rule:
    starts: dict[Hashable, deque[datetime]] = defaultdict(deque)

    def breaks(call: Placed) -> bool:
        recent = starts[scope(call)]
        recent.append(call.placed_at)
        while recent[0] <= call.placed_at - SECOND:
            recent.popleft()
        return len(recent) > most_starts(call.evidence[limit])

    return breaks

"""SAF-5: every call ends within its limit plus margin; none is open here and closed at the carrier, or the reverse."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q

from calls.judge.findings import Case, Finding, Violation
from calls.leases import longest_life
from calls.models import IN_FLIGHT, TERMINAL, Call, CallStatus
from calls.models.call import CallQuerySet

MARGIN = timedelta(minutes=3)
"""The sweeper comes once a minute and may have to come twice."""


def judge(case: Case) -> Finding:
    checked, violations = 0, []
    for call in _calls(case).select_related("campaign").order_by("pk").iterator():
        checked += 1
        violations += [Violation(str(call.pk), what) for what in _complaints(call, case)]
    return Finding("SAF-5", "every call ends in time, here and at the carrier alike", checked, violations)


def _calls(case: Case) -> CallQuerySet:
    """What is open now is judged however long ago it began."""
    if case.since is None:
        return Call.objects.all()
    began_since = Q(placed_at__gte=case.since) | Q(placed_at=None, queued_at__gte=case.since)
    return Call.objects.filter(began_since | Q(status__in=IN_FLIGHT))


def _complaints(call: Call, case: Case) -> Iterator[str]:
    if call.is_terminal and call.ended_at is None:
        yield "end_without_time"
    if _lasted_too_long(call, case):
        yield "lasted_too_long"
    yield from _differs_from_carrier(call, case)


def _lasted_too_long(call: Call, case: Case) -> bool:
    until = call.ended_at or case.now
    if call.placed_at is None:
        return call.status == CallStatus.QUEUED and until > call.place_at + MARGIN
    life = longest_life(
        ring_timeout_seconds=call.campaign.ring_timeout_seconds, max_call_seconds=call.campaign.max_call_seconds
    )
    return until > call.placed_at + life + MARGIN


def _differs_from_carrier(call: Call, case: Case) -> Iterator[str]:
    there = case.at_carrier.get(call.carrier_sid or "")
    if there is None:
        since = case.compared_since
        if since and call.carrier_sid and (call.placed_at or call.queued_at) >= since:
            yield "unknown_at_carrier"
        return
    settled_by = case.now - MARGIN
    if there.status in TERMINAL and call.status in IN_FLIGHT and (there.ended_at or case.now) < settled_by:
        yield "open_here_closed_there"
    if there.status in IN_FLIGHT and call.is_terminal and (call.ended_at or case.now) < settled_by:
        yield "closed_here_open_there"

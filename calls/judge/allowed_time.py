"""SAF-1: no call placed outside its window, on a holiday, or while its campaign was not running."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from calls.funnel import holiday_now
from calls.judge.findings import CLOCK_MARGIN, Case, Finding, Violation
from calls.models import Call
from campaigns.calling_hours import is_open
from campaigns.models import Campaign, CampaignStatus, CampaignStatusChange
from contacts.models import Basis

History = tuple[list[datetime], list[str]]
"""Instants at which a campaign's status changed, and the statuses before, between and after them."""


def judge(case: Case) -> Finding:
    histories, checked = _histories(), 0
    violations: list[Violation] = []
    for call in Call.objects.filter(placed_at__isnull=False).order_by("pk").iterator():
        checked += 1
        violations += [Violation(str(call.pk), what) for what in _complaints(call, histories[call.campaign_id])]
    return Finding("SAF-1", "inside its window, on no holiday, while its campaign ran", checked, violations)


def _complaints(call: Call, history: History) -> Iterator[str]:
    placed_at, evidence = call.placed_at, call.evidence
    if placed_at is None:
        return
    if not _was_running(history, placed_at):
        yield "campaign_not_running"
    if not evidence:
        yield "no_evidence"
    elif evidence["is_always_open"]:
        if evidence["basis"] != Basis.PRACTICE:
            yield "always_open_without_practice"
    else:
        yield from _complaints_about_hours(evidence, placed_at)


def _complaints_about_hours(evidence: dict, placed_at: datetime) -> Iterator[str]:
    zones = evidence["zones"]
    if not is_open(windows=evidence["windows"], zones=zones, now=placed_at):
        yield "outside_window"
    elif evidence["observes_holidays"] and holiday_now(country=evidence["country"], zones=zones, now=placed_at):
        yield "public_holiday"


def _was_running(history: History, placed_at: datetime) -> bool:
    """A change within the margin counts either way."""
    instants, statuses = history
    first, last = (bisect_right(instants, at) for at in (placed_at - CLOCK_MARGIN, placed_at + CLOCK_MARGIN))
    return CampaignStatus.RUNNING in statuses[first : last + 1]


def _histories() -> dict[UUID, History]:
    changes: dict[UUID, list[CampaignStatusChange]] = defaultdict(list)
    for change in CampaignStatusChange.objects.order_by("at", "id"):
        changes[change.campaign_id].append(change)
    present = dict(Campaign.objects.values_list("pk", "status"))
    return {campaign: _history(changes[campaign], status) for campaign, status in present.items()}


def _history(changes: list[CampaignStatusChange], present: str) -> History:
    if not changes:
        return [], [present]
    return [change.at for change in changes], [changes[0].from_status, *(change.to_status for change in changes)]

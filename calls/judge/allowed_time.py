"""SAF-1: no call placed outside its window, on a holiday, or while its campaign was not running.

The rules are taken from campaign and contact, not from what the dialer noted; the note has to agree with them.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from calls.funnel import holiday_now
from calls.judge.findings import CLOCK_MARGIN, Case, Finding, Violation
from calls.judge.rules_then import Edits, placed_calls
from calls.models import Call
from campaigns.calling_hours import is_open
from campaigns.models import Campaign, CampaignStatus, CampaignStatusChange
from contacts.models import Basis

Rules = dict[str, Any]
History = tuple[list[datetime], list[str]]
"""Instants at which a campaign's status changed, and the statuses before, between and after them."""

COMPARED = ("basis", "is_always_open", "windows", "observes_holidays", "zones", "country")
CARRIERS_MARGIN = timedelta(seconds=60)
"""A request to the carrier takes its while, and two machines differ."""
REMARK = "{} judged by the evidence of the call: campaign or contact were edited since"


def judge(case: Case) -> Finding:
    histories, edits = _histories(), Edits.on_record()
    checked, by_evidence = 0, 0
    violations: list[Violation] = []
    for call in placed_calls(case):
        known = edits.rules_then(call)
        checked += 1
        by_evidence += not set(COMPARED) <= known.keys()
        faults = (*_faults(call, histories[call.campaign_id], known), *_faults_of_instant(call, case))
        violations += [Violation(str(call.pk), fault) for fault in faults]
    remark = REMARK.format(by_evidence) if by_evidence else ""
    return Finding("SAF-1", "inside its window, on no holiday, while its campaign ran", checked, violations, remark)


def _faults(call: Call, history: History, known: Rules) -> Iterator[str]:
    """The rules come from the records as far as these tell them; for the rest the call's evidence has to do."""
    if call.placed_at is None:
        return
    if not _was_running(history, call.placed_at):
        yield "campaign_not_running"
    rules: Rules = call.evidence | known
    if not call.evidence:
        yield "no_evidence"
    elif any(_in_order(call.evidence.get(name)) != _in_order(value) for name, value in known.items()):
        yield "evidence_differs_from_records"
    if rules.keys() >= set(COMPARED):
        yield from _faults_of_time(rules, call.placed_at)


def _faults_of_time(rules: Rules, placed_at: datetime) -> Iterator[str]:
    zones = rules["zones"]
    if rules["is_always_open"]:
        if rules["basis"] != Basis.PRACTICE:
            yield "always_open_without_practice"
    elif not is_open(windows=rules["windows"], zones=zones, now=placed_at):
        yield "outside_window"
    elif rules["observes_holidays"] and holiday_now(country=rules["country"], zones=zones, now=placed_at):
        yield "public_holiday"


def _faults_of_instant(call: Call, case: Case) -> Iterator[str]:
    """The carrier's clock is the one witness of when a call was placed that is not ours."""
    there = case.at_carrier.get(call.carrier_sid or "")
    if there is None or there.created_at is None or call.placed_at is None:
        return
    if not -CARRIERS_MARGIN <= there.created_at - call.placed_at <= CARRIERS_MARGIN:
        yield "carrier_tells_another_time"


def _in_order(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


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

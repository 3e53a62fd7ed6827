"""The tick: who is called next.

Every second each running campaign is given the starts that rate and concurrency leave for the next two seconds, and
its due contacts go through the funnel until those are used. Two ticks at once do no harm: starts are given out under
a lock of the database, and rows that another transaction holds are left to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from calls.capacity import Load, account_load, hold_allocation, loads
from calls.facts import Candidate, candidates_of
from calls.funnel import Dial, decide
from calls.readiness import Unready, check_campaign, check_zones
from calls.reasons import PassedOver, is_lasting, look_again_at, store_passed_over
from calls.services.queueing import Choice, enqueue_overdue, newest_scripts, queue_calls
from calls.slots import Wish, plan_starts
from calls.spending import Commitment, affordable_calls, commitments
from campaigns.calling_hours import next_opening
from campaigns.commercial_hours import CommercialHours
from campaigns.models import Campaign, CampaignContact, ContactStatus, PassOverReason
from campaigns.pacing import free_capacity
from campaigns.services import finish_campaign, pause_campaign, pause_if_budget_is_spent
from contacts.services import is_dnc_list_readable

LOOK_AHEAD = timedelta(seconds=2)
FIRST_BATCH = 50
LARGEST_BATCH = 400
"""Contacts looked at beyond the starts to give out, over all campaigns: rounds grow while many are passed over."""
MOST_ROUNDS = 3

DUE = """
    SELECT due.id
    FROM unnest(%(campaigns)s::uuid[], %(counts)s::int[]) AS wanted (campaign_id, count)
    CROSS JOIN LATERAL (
        SELECT member.id
        FROM campaigns_campaigncontact member
        WHERE member.campaign_id = wanted.campaign_id AND member.status = 'pending'
            AND member.next_attempt_at <= %(now)s
        ORDER BY member.next_attempt_at
        LIMIT wanted.count
        FOR NO KEY UPDATE SKIP LOCKED
    ) due
"""


@dataclass(slots=True)
class Ticked:
    """What a tick did."""

    queued: int = 0
    passed_over: int = 0
    paused: int = 0
    finished: int = 0
    enqueued_again: int = 0


@dataclass(slots=True)
class _Round:
    """What is still to be given out in this tick."""

    now: datetime
    starts: dict[UUID, list[datetime]]
    chosen_numbers: set[str] = field(default_factory=set)
    choices: list[Choice] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)
    unready: dict[UUID, Unready] = field(default_factory=dict)
    openings: dict[tuple[UUID, tuple[str, ...], CommercialHours | None], datetime | None] = field(default_factory=dict)


def tick(now: datetime) -> Ticked:
    """Queue the calls of the next two seconds; store why others are not called; close what is done."""
    report = Ticked(enqueued_again=enqueue_overdue(now))
    campaigns = _ready_campaigns(report)
    with transaction.atomic():
        hold_allocation()
        round_ = _Round(now=now, starts=_starts(campaigns, loads(now), now))
        _give_out(round_, campaigns)
        report.queued = len(queue_calls(round_.choices, now=now))
    report.passed_over = len(round_.passed)
    for campaign_id, problem in round_.unready.items():
        report.paused += _pause(campaigns[campaign_id], problem)
    report.finished = _finish_campaigns()
    return report


def _ready_campaigns(report: Ticked) -> dict[UUID, Campaign]:
    """The running campaigns that may dial; those whose set-up has become invalid are paused, with the reason."""
    ready: dict[UUID, Campaign] = {}
    running = list(Campaign.objects.running().select_related("rules").order_by("pk"))
    scripts = newest_scripts()  # read after them: one that starts in between is the next tick's
    is_readable = is_dnc_list_readable()
    for campaign in running:
        try:
            check_campaign(campaign, has_script=campaign.pk in scripts, is_dnc_list_readable=is_readable)
        except Unready as problem:
            report.paused += _pause(campaign, problem)
            continue
        if campaign.is_budget_spent:
            report.paused += pause_if_budget_is_spent(campaign=campaign)
        else:
            ready[campaign.pk] = campaign
    return ready


def _pause(campaign: Campaign, problem: Unready) -> bool:
    return pause_campaign(campaign=campaign, reason=problem.reason, details=problem.details)


def _starts(
    campaigns: dict[UUID, Campaign], by_campaign: dict[UUID, Load], now: datetime
) -> dict[UUID, list[datetime]]:
    account = account_load(by_campaign)
    committed = commitments(campaigns.keys(), now=now)
    plan = plan_starts(
        [
            _wish(campaign, by_campaign.get(campaign.pk, Load()), committed.get(campaign.pk, Commitment()))
            for campaign in campaigns.values()
        ],
        now=now,
        until=now + LOOK_AHEAD,
        account_per_second=settings.TWILIO_STARTS_PER_SECOND,
        account_last_start_at=account.last_start_at,
        account_count=free_capacity(in_flight=account.in_flight, limit=settings.TWILIO_MAX_CONCURRENT_CALLS),
    )
    starts: dict[UUID, list[datetime]] = {}
    for campaign_id, start_at in plan:
        starts.setdefault(campaign_id, []).append(start_at)
    return starts


def _wish(campaign: Campaign, load: Load, commitment: Commitment) -> Wish[UUID]:
    """As many calls as there are free lines, if the budget will pay for them."""
    free = free_capacity(in_flight=load.in_flight, limit=campaign.rules.max_concurrent_calls)
    affordable = affordable_calls(campaign, commitment)
    return Wish(
        key=campaign.pk,
        count=free if affordable is None else min(free, affordable),
        per_second=campaign.rules.starts_per_second,
        last_start_at=load.last_start_at,
    )


def _give_out(round_: _Round, campaigns: dict[UUID, Campaign]) -> None:
    """Contacts that are passed over make room for the next ones, so that they never block the rest of the list."""
    batch = FIRST_BATCH
    for _ in range(MOST_ROUNDS):
        open_starts = {key: len(starts) for key, starts in round_.starts.items() if starts}
        wanted = {key: count + ceil(batch / len(open_starts)) for key, count in open_starts.items()}
        memberships = _due(wanted, campaigns, round_.now) if wanted else []
        if not memberships:
            return
        passed = list(_choose(memberships, round_))
        store_passed_over(passed, now=round_.now)
        round_.passed += passed
        if not passed:
            return
        batch = min(batch * 4, LARGEST_BATCH)


def _due(wanted: dict[UUID, int], campaigns: dict[UUID, Campaign], now: datetime) -> list[CampaignContact]:
    parameters: dict[str, Any] = {"campaigns": list(wanted), "counts": list(wanted.values()), "now": now}
    with connection.cursor() as cursor:
        cursor.execute(DUE, parameters)
        held = [row[0] for row in cursor.fetchall()]
    due = CampaignContact.objects.filter(pk__in=held).select_related("contact").order_by("next_attempt_at", "pk")
    memberships = list(due)
    for membership in memberships:
        membership.campaign = campaigns[membership.campaign_id]
    return memberships


def _choose(memberships: Sequence[CampaignContact], round_: _Round) -> Iterator[PassedOver]:
    """Give starts to those who pass, in order; yield the others."""
    chosen = {choice.candidate.membership.pk for choice in round_.choices}
    fresh = [membership for membership in memberships if membership.pk not in chosen]
    for candidate in candidates_of(fresh, now=round_.now):
        campaign_id = candidate.membership.campaign_id
        try:
            check_zones(candidate)
        except Unready as problem:
            round_.unready.setdefault(campaign_id, problem)
            round_.starts[campaign_id] = []
            continue
        verdict = _verdict(candidate, round_)
        if verdict is not Dial.DIAL:
            yield _passed_over(candidate, verdict, round_)
        elif round_.starts[campaign_id]:
            _take(candidate, round_)


def _verdict(candidate: Candidate, round_: _Round) -> Dial | PassOverReason:
    verdict = decide(candidate.facts, round_.now)
    if verdict is Dial.DIAL and candidate.facts.e164 in round_.chosen_numbers:
        return PassOverReason.ALREADY_IN_CALL
    return verdict


def _take(candidate: Candidate, round_: _Round) -> None:
    campaign_id = candidate.membership.campaign_id
    start_at = round_.starts[campaign_id].pop(0)
    round_.chosen_numbers.add(candidate.facts.e164)
    round_.choices.append(Choice(candidate=candidate, place_at=start_at))


def _passed_over(candidate: Candidate, reason: PassOverReason, round_: _Round) -> PassedOver:
    opening = _next_opening(candidate, round_) if reason == PassOverReason.OUTSIDE_WINDOW else None
    waits_for = opening or candidate.basis_begins_at
    return PassedOver(
        membership_id=candidate.membership.pk,
        reason=reason,
        again_at=look_again_at(reason, now=round_.now, waits_for=waits_for),
        is_lasting=is_lasting(reason, basis_begins_at=candidate.basis_begins_at),
    )


def _next_opening(candidate: Candidate, round_: _Round) -> datetime | None:
    """Worked out once a tick for each campaign and place: at night whole lists are passed over for it."""
    facts = candidate.facts
    key = (candidate.membership.campaign_id, tuple(facts.zones), facts.commercial_hours)
    if key not in round_.openings:
        round_.openings[key] = next_opening(windows=facts.allowed_windows, zones=facts.zones, now=round_.now)
    return round_.openings[key]


def _finish_campaigns() -> int:
    unfinished = CampaignContact.objects.filter(campaign=OuterRef("pk")).filter(
        Q(status=ContactStatus.PENDING) | Q(status=ContactStatus.IN_CALL)
    )
    done = Campaign.objects.running().filter(~Exists(unfinished))
    return sum(finish_campaign(campaign=campaign) for campaign in done)

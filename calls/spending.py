"""What calls cost before the carrier names their price: an estimate, so that no budget is overshot meanwhile.

Each call that runs, or was answered and has no price yet, is taken to cost what the last calls with a price cost on
average: those of the campaign, else those of the account. Most of the calls in flight will not be answered and cost
nothing, so the estimate is rather high than low; it gives way to the prices as they come.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from calls.models import IN_FLIGHT
from campaigns.models import Campaign

PRICED_WITHIN = timedelta(hours=24)
"""A price that is not known after a day is left to the carrier's bill."""
AVERAGED_CALLS = 100

COMMITMENTS = """
    SELECT campaign.id,
        ceil(coalesce(
            (SELECT avg(own.price_micros) FROM (
                SELECT price_micros FROM calls_call
                WHERE campaign_id = campaign.id AND price_micros IS NOT NULL
                    AND price_currency = campaign.budget_currency
                ORDER BY ended_at DESC LIMIT %(averaged)s
            ) own),
            (SELECT avg(others.price_micros) FROM (
                SELECT price_micros FROM calls_call
                WHERE price_currency = campaign.budget_currency AND price_micros IS NOT NULL
                ORDER BY ended_at DESC LIMIT %(averaged)s
            ) others),
            0
        ))::bigint,
        (SELECT count(*) FROM calls_call
            WHERE campaign_id = campaign.id AND status = ANY(%(in_flight)s) AND id <> ALL(%(apart_from)s::uuid[]))
        + (SELECT count(*) FROM calls_call
            WHERE campaign_id = campaign.id AND price_micros IS NULL AND duration_seconds > 0
                AND ended_at > %(since)s)
    FROM campaigns_campaign campaign
    WHERE campaign.id = ANY(%(campaigns)s) AND campaign.budget_micros IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Commitment:
    """Calls of a campaign that will be charged for, and what one call is expected to cost."""

    expected_micros: int = 0
    open_calls: int = 0

    @property
    def reserved_micros(self) -> int:
        return self.expected_micros * self.open_calls


def commitments(
    campaigns: Collection[UUID], *, now: datetime, apart_from: UUID | None = None
) -> dict[UUID, Commitment]:
    """By campaign, for those with a budget. `apart_from` is a call that must not stand in its own way."""
    if not campaigns:
        return {}
    parameters: dict[str, Any] = {
        "campaigns": list(campaigns),
        "in_flight": [status.value for status in IN_FLIGHT],
        "apart_from": [apart_from] if apart_from else [],
        "since": now - PRICED_WITHIN,
        "averaged": AVERAGED_CALLS,
    }
    with connection.cursor() as cursor:
        cursor.execute(COMMITMENTS, parameters)
        return {campaign: Commitment(expected, count) for campaign, expected, count in cursor.fetchall()}


def is_budget_reached(campaign: Campaign, commitment: Commitment) -> bool:
    """Whether what was charged and what will be charged use the budget up."""
    if campaign.budget_micros is None:
        return False
    return campaign.spent_micros + commitment.reserved_micros >= campaign.budget_micros


def affordable_calls(campaign: Campaign, commitment: Commitment) -> int | None:
    """How many more calls may begin; None: any number. The last of them may go beyond the budget, no other."""
    if campaign.budget_micros is None:
        return None
    left = campaign.budget_micros - campaign.spent_micros - commitment.reserved_micros
    if left <= 0:
        return 0
    return -(-left // commitment.expected_micros) if commitment.expected_micros else None


def at_their_budget(now: datetime) -> list[UUID]:
    """The running campaigns that may begin no call until prices come or the budget is raised."""
    running = list(Campaign.objects.running().filter(budget_micros__isnull=False))
    known = commitments([campaign.pk for campaign in running], now=now)
    return [campaign.pk for campaign in running if is_budget_reached(campaign, known.get(campaign.pk, Commitment()))]

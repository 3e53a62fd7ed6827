"""What calls cost, which the carrier knows only some time after their end."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from callcenter import clock
from calls.models import TERMINAL, Call
from calls.providers import telephony
from calls.providers.base import ProviderError
from calls.services.moving import lock, nudge_pages, store
from calls.spending import PRICED_WITHIN
from campaigns.models import Campaign, CampaignStatus
from campaigns.pause_reasons import PauseReason
from campaigns.services import pause_campaign

KNOWN_AFTER = timedelta(minutes=1)
LONGEST_RUN = timedelta(seconds=50)
"""The next run is due a minute after this one, and goes on with the rest."""
BATCH = 100


def settle_prices(*, time_limit: timedelta = LONGEST_RUN) -> int:
    """Ask for the prices of answered calls that have none; returns how many were stored."""
    began, stored = clock.now(), 0
    _recount_spending()
    while batch := list(_due(clock.now())[:BATCH]):
        for call in batch:
            stored += _settle_price(call)
            if clock.now() - began >= time_limit:
                return stored
    return stored


def _due(now: datetime) -> QuerySet[Call]:
    """Calls that were never asked about first, so that those whose price never comes hide no others."""
    unpriced = Call.objects.filter(
        status__in=TERMINAL, price_micros=None, duration_seconds__gt=0, carrier_sid__isnull=False
    )
    ended = unpriced.filter(ended_at__lte=now - KNOWN_AFTER, ended_at__gt=now - PRICED_WITHIN)
    due = ended.filter(Q(price_due_at=None) | Q(price_due_at__lte=now))
    return due.order_by(F("price_due_at").asc(nulls_first=True), "ended_at")


def _settle_price(call: Call) -> bool:
    _wait_twice_as_long(call)
    try:
        at_carrier = telephony().fetch_call(str(call.carrier_sid))
    except ProviderError:
        return False
    if at_carrier is None or at_carrier.price_micros is None:
        return False
    with transaction.atomic():
        lock(call)
        if call.price_micros is not None:
            return False
        store(call, price_micros=at_carrier.price_micros, price_currency=at_carrier.price_currency)
        _add_to_spending(call)
        nudge_pages(call)
    return True


def _wait_twice_as_long(call: Call) -> None:
    """Before asking, so that a call at which the asking fails is not the first of the next run too."""
    now = clock.now()
    since_end = now - (call.ended_at or now)
    Call.objects.filter(pk=call.pk).update(price_due_at=now + max(since_end, KNOWN_AFTER))


def _add_to_spending(call: Call) -> None:
    """Only money of the budget's currency adds up; a budget in another one would never be reached."""
    campaign = call.campaign
    if call.price_currency == campaign.budget_currency:
        Campaign.objects.filter(pk=campaign.pk).update(spent_micros=F("spent_micros") + (call.price_micros or 0))
    elif campaign.budget_micros is not None:
        details = {"charged": call.price_currency, "budget": campaign.budget_currency}
        pause_campaign(campaign=campaign, reason=PauseReason.OTHER_CURRENCY, details=details)


def _recount_spending() -> None:
    """After somebody changed a budget's currency: what was charged in it before counts too."""
    with_budget = Campaign.objects.filter(
        status__in=[CampaignStatus.RUNNING, CampaignStatus.PAUSED], budget_micros__isnull=False
    )
    charged = Coalesce(Sum("calls__price_micros", filter=Q(calls__price_currency=F("budget_currency"))), 0)
    for pk in with_budget.annotate(charged=charged).exclude(charged=F("spent_micros")).values_list("pk", flat=True):
        _recount(pk)


@transaction.atomic
def _recount(pk: UUID) -> None:
    """Whoever adds a price waits for the campaign's row, which is held while the prices are added up."""
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=pk)
    prices = Call.objects.filter(campaign=campaign, price_currency=campaign.budget_currency)
    charged = prices.aggregate(charged=Sum("price_micros"))["charged"] or 0
    Campaign.objects.filter(pk=pk).update(spent_micros=charged)

"""What calls cost, which the carrier knows only some time after their end."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from callcenter import clock
from calls.models import TERMINAL, Call
from calls.providers import telephony
from calls.providers.base import ProviderError
from calls.services.moving import lock, nudge_pages, store
from campaigns.models import Campaign

KNOWN_AFTER = timedelta(minutes=1)
ASKED_FOR = timedelta(hours=24)
"""A price that is not known after a day is left to the carrier's bill."""


def settle_prices(*, at_most: int = 200) -> int:
    """Ask for the prices of answered calls that have none; returns how many were stored."""
    now = clock.now()
    unpriced = Call.objects.filter(
        status__in=TERMINAL, price_micros=None, duration_seconds__gt=0, carrier_sid__isnull=False
    )
    ended = unpriced.filter(ended_at__lte=now - KNOWN_AFTER, ended_at__gt=now - ASKED_FOR)
    return sum(_settle_price(call) for call in ended.order_by("ended_at")[:at_most])


def _settle_price(call: Call) -> bool:
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


def _add_to_spending(call: Call) -> None:
    """Only money of the budget's currency adds up."""
    campaigns = Campaign.objects.filter(pk=call.campaign_id, budget_currency=call.price_currency)
    campaigns.update(spent_micros=F("spent_micros") + (call.price_micros or 0))

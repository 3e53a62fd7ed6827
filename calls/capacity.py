"""Rate and concurrency, read from the rows: what is in flight, and when the last calls started."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from django.db.models.functions import Greatest

from calls.models import Call
from calls.models.call import CallQuerySet
from campaigns.models import Campaign
from campaigns.pacing import free_capacity, start_times

ALLOCATION_LOCK = 0x43414C4C
"""Key of the advisory lock under which starts are given out ("CALL")."""
SLOWEST_SPACING = timedelta(seconds=100)
"""A campaign may start one call in a hundred seconds at the least: older starts delay nobody."""


@dataclass(frozen=True, slots=True)
class Load:
    """Calls in flight (queued ones too), and the last start that is planned or done."""

    in_flight: int = 0
    last_start_at: datetime | None = None


def hold_allocation() -> None:
    """One at a time gives out starts, until the transaction ends: two dialers at once do no harm."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ALLOCATION_LOCK])


def loads(now: datetime, *, spacing: timedelta = SLOWEST_SPACING) -> dict[UUID, Load]:
    """By campaign, for those that have any. `spacing` is the longest distance between starts that matters."""
    in_flight = _by_campaign(Call.objects.in_flight())
    started = _by_campaign(Call.objects.filter(placed_at__gt=now - spacing)) if spacing else {}
    return {
        campaign: Load(
            in_flight=in_flight.get(campaign, (0, None))[0],
            last_start_at=latest(in_flight.get(campaign, (0, None))[1], started.get(campaign, (0, None))[1]),
        )
        for campaign in in_flight.keys() | started.keys()
    }


def account_load(by_campaign: dict[UUID, Load]) -> Load:
    return Load(
        in_flight=sum(load.in_flight for load in by_campaign.values()),
        last_start_at=latest(*(load.last_start_at for load in by_campaign.values())),
    )


def next_start(campaign: Campaign, now: datetime) -> datetime:
    """The earliest start that keeps the distance of the campaign and of the account. Hold the allocation first."""
    by_campaign = loads(now)
    own, account = by_campaign.get(campaign.pk, Load()), account_load(by_campaign)
    rates = (
        (own.last_start_at, campaign.rules.starts_per_second),
        (account.last_start_at, settings.TWILIO_STARTS_PER_SECOND),
    )
    return max(
        start_times(count=1, now=now, last_start_at=last_start_at, per_second=per_second)[0]
        for last_start_at, per_second in rates
    )


def has_room(campaign: Campaign, now: datetime, *, beside: int = 0) -> bool:
    """Whether one more call fits below the caps of campaign and account; `beside` counted calls are left out."""
    by_campaign = loads(now, spacing=timedelta())
    own, account = by_campaign.get(campaign.pk, Load()), account_load(by_campaign)
    return (
        free_capacity(in_flight=own.in_flight - beside, limit=campaign.rules.max_concurrent_calls) > 0
        and free_capacity(in_flight=account.in_flight - beside, limit=settings.TWILIO_MAX_CONCURRENT_CALLS) > 0
    )


def latest(*instants: datetime | None) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)


def _by_campaign(calls: CallQuerySet) -> dict[UUID, tuple[int, datetime | None]]:
    """How many, and the last start: that which was done, or that which is planned. Greatest leaves out the unknown."""
    last_start_at = Max(Greatest("place_at", "placed_at"))
    rows = calls.order_by().values_list("campaign").annotate(count=Count("pk"), last_start_at=last_start_at)
    return {campaign: (count, last_at) for campaign, count, last_at in rows}

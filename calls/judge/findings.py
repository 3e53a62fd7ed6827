"""What a rule's judge says: how many records it looked at, and which of them break the rule."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Min

from calls.models import Call
from calls.models.call import CallQuerySet
from calls.providers import telephony
from calls.providers.base import CarrierCall

CLOCK_MARGIN = timedelta(seconds=2)
"""Two processes may read the time in one order and write in the other; a transaction takes its while."""


@dataclass(frozen=True, slots=True)
class Violation:
    """`subject` is the id of a call or a campaign contact, or the carrier's id of a call; `what` is a code."""

    subject: str
    what: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`remark` says what the judge could not see with its own eyes."""

    rule: str
    meaning: str
    checked: int
    violations: list[Violation] = field(default_factory=list)
    remark: str = ""


@dataclass
class Case:
    """What the judges are given: the present, from when on calls are judged, and whether the carrier is asked.

    Everything is read in batches, so that the number of calls costs time and no memory.
    """

    now: datetime
    since: datetime | None = None
    asks_carrier: bool = False
    carrier_since: datetime | None = None

    @property
    def placed_calls(self) -> CallQuerySet:
        """Those to be judged that the carrier was asked for, oldest first."""
        placed = Call.objects.filter(placed_at__isnull=False).order_by("pk")
        return placed.filter(placed_at__gte=self.since) if self.since else placed

    @cached_property
    def at_carrier(self) -> dict[str, CarrierCall]:
        """Every call of the account in the time that is compared, by the carrier's id; the account is ours alone."""
        since = self.compared_since
        if since is None:
            return {}
        return {call.carrier_sid: call for call in telephony().list_calls(since - CLOCK_MARGIN)}

    @cached_property
    def compared_since(self) -> datetime | None:
        """From when on the carrier's list is compared: `carrier_since`, else `since`, else our first call."""
        if not self.asks_carrier:
            return None
        return self.carrier_since or self.since or Call.objects.aggregate(first=Min("placed_at"))["first"]

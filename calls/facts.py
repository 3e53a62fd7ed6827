"""Fetches what the funnel asks, for many contacts at once: the number of queries does not grow with them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q, Value
from django.db.models.functions import Greatest

from calls.funnel import Facts
from calls.models import Call
from calls.spending import Commitment, commitments, is_budget_reached
from campaigns.calling_hours import zone_named
from campaigns.commercial_hours import commercial_hours_for
from campaigns.models import Campaign, CampaignContact, CampaignStatus
from contacts.models import Basis, ConsentRecord, ContactNumber
from contacts.number_hash import number_hash, numbers_by_hash
from contacts.services import blocked_numbers

FREQUENCY_PERIOD = timedelta(hours=24)
"""The period that the cap on calls to one number counts over: rolling, so that no midnight resets it."""
UNKNOWN_ZONE = "Etc/Unknown"
"""What the number library says of numbers that it cannot place."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A membership with its facts, and what a call needs to know beside them."""

    membership: CampaignContact
    facts: Facts
    number_hash: str
    next_attempt_number: int
    basis_begins_at: datetime | None = None
    """When the demanded legal basis begins, if it is on record and does not hold yet."""

    @property
    def unknown_zone(self) -> str:
        """A zone of this contact that does not exist, or nothing."""
        return next((zone for zone in self.facts.zones if zone_named(zone) is None), "")


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What was fetched, by number or by contact."""

    numbers: dict[UUID, ContactNumber]
    hashes: dict[UUID, str]
    dnc: set[str]
    bases: set[tuple[UUID, str]]
    later_bases: dict[tuple[UUID, str], datetime]
    recent_calls: Counter[str]
    busy_numbers: set[str]
    attempt_numbers: dict[UUID, int]
    commitments: dict[UUID, Commitment]


def candidates_of(
    memberships: Sequence[CampaignContact],
    *,
    now: datetime,
    has_capacity: bool = True,
    apart_from: UUID | None = None,
) -> list[Candidate]:
    """The memberships (with contact, campaign and rules at hand) in the same order, each with its facts.

    `apart_from` is a call that must not stand in its own way: that which is about to be placed.
    """
    around = _fetch(memberships, now, apart_from)
    return [
        Candidate(
            membership=membership,
            facts=_facts(membership, around, now=now, has_capacity=has_capacity),
            number_hash=around.hashes.get(membership.contact_id, ""),
            next_attempt_number=around.attempt_numbers.get(membership.pk, 0) + 1,
            basis_begins_at=around.later_bases.get((membership.contact_id, membership.campaign.required_basis)),
        )
        for membership in memberships
    ]


def _fetch(memberships: Sequence[CampaignContact], now: datetime, apart_from: UUID | None) -> _Surroundings:
    contacts = {membership.contact_id for membership in memberships}
    numbers = _dialled_numbers(contacts)
    hashes = {contact: number_hash(number.e164) for contact, number in numbers.items()}
    calls = Call.objects.exclude(pk=apart_from) if apart_from else Call.objects.all()
    bases, later_bases = _bases(contacts, now)
    dialled = [number.e164 for number in numbers.values()]
    in_flight = calls.in_flight().filter(to_number__in=dialled)
    return _Surroundings(
        numbers=numbers,
        hashes=hashes,
        dnc=blocked_numbers(numbers=dialled, now=now),
        bases=bases,
        later_bases=later_bases,
        recent_calls=_recent_calls(dialled, now, apart_from),
        busy_numbers=set(in_flight.values_list("to_number", flat=True)),
        attempt_numbers=_attempt_numbers(memberships),
        commitments=commitments({member.campaign_id for member in memberships}, now=now, apart_from=apart_from),
    )


def _dialled_numbers(contacts: Collection[UUID]) -> dict[UUID, ContactNumber]:
    """Each contact's number of the best rank."""
    worst_first = ContactNumber.objects.filter(contact__in=contacts).order_by("-rank")
    return {number.contact_id: number for number in worst_first}


def _bases(contacts: Collection[UUID], now: datetime) -> tuple[set[tuple[UUID, str]], dict[tuple[UUID, str], datetime]]:
    """By contact and basis: those that hold now, and when the earliest of the others begins."""
    records = ConsentRecord.objects.filter(contact__in=contacts)
    ever_in_force = records.filter(Q(expires_at=None) | Q(expires_at__gt=Greatest("obtained_at", Value(now))))
    held: set[tuple[UUID, str]] = set()
    later: dict[tuple[UUID, str], datetime] = {}
    for contact, basis, obtained_at in ever_in_force.order_by("obtained_at").values_list(
        "contact_id", "basis", "obtained_at"
    ):
        if obtained_at <= now:
            held.add((contact, basis))
        else:
            later.setdefault((contact, basis), obtained_at)
    return held, later


def _recent_calls(numbers: Collection[str], now: datetime, apart_from: UUID | None) -> Counter[str]:
    by_hash = numbers_by_hash(numbers)
    calls = Call.objects.filter(number_hash__in=list(by_hash), placed_at__gt=now - FREQUENCY_PERIOD)
    others = calls.exclude(pk=apart_from) if apart_from else calls
    return Counter(by_hash[known] for known in others.values_list("number_hash", flat=True))


def _attempt_numbers(memberships: Sequence[CampaignContact]) -> dict[UUID, int]:
    calls = Call.objects.filter(membership__in=memberships).order_by()
    return dict(calls.values_list("membership").annotate(Max("attempt_number")))


def _facts(membership: CampaignContact, around: _Surroundings, *, now: datetime, has_capacity: bool) -> Facts:
    campaign, contact = membership.campaign, membership.contact
    rules = campaign.rules
    number = around.numbers.get(contact.pk)
    e164 = number.e164 if number else ""
    return Facts(
        is_campaign_running=campaign.status == CampaignStatus.RUNNING,
        e164=e164,
        is_on_dnc_list=e164 in around.dnc,
        has_legal_basis=_has_basis(campaign, contact.pk, around.bases),
        attempts=membership.attempts,
        max_attempts=rules.max_attempts,
        is_callback=membership.is_callback,
        next_attempt_at=membership.next_attempt_at,
        is_always_open=rules.is_always_open,
        windows=rules.windows,
        zones=_zones(contact.time_zone, number),
        observes_holidays=rules.observes_holidays,
        country=(number.country if number else "") or settings.DEFAULT_COUNTRY,
        recent_calls=around.recent_calls[e164],
        max_recent_calls=rules.max_attempts_per_day,
        is_number_in_call=e164 in around.busy_numbers,
        is_budget_reached=is_budget_reached(campaign, around.commitments.get(campaign.pk, Commitment())),
        has_capacity=has_capacity,
        commercial_hours=commercial_hours_for(e164, on=now.date()) if campaign.is_bound_by_commercial_hours else None,
    )


def _has_basis(campaign: Campaign, contact: UUID, bases: set[tuple[UUID, str]]) -> bool:
    """Practice needs no record: it never reaches a real phone, which is checked each time a call is placed."""
    return campaign.required_basis == Basis.PRACTICE or (contact, campaign.required_basis) in bases


def _zones(stored: str, number: ContactNumber | None) -> tuple[str, ...]:
    """Where the phone may ring: the zone on record and all those of the number; the call must be allowed in each."""
    of_number = [zone for zone in (number.time_zones if number else []) if zone != UNKNOWN_ZONE]
    known = dict.fromkeys([stored, *of_number] if stored else of_number)
    return tuple(known) or (settings.TIME_ZONE,)

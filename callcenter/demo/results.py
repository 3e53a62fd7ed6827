"""What came of the calling: one table, the product's own time, the transcripts compared."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

import httpx
from django.conf import settings
from django.db.models import Count, F, QuerySet
from django.utils.functional import Promise

from calls.end_reasons import EndReason
from calls.models import AnsweredBy, Call, CallStatus, Turn
from campaigns.models import Campaign, CampaignContact, ContactStatus, Disposition

Row = tuple[str, list[int]]


@dataclass(frozen=True)
class Section:
    title: str
    rows: list[Row]


def sections(campaigns: Sequence[Campaign]) -> list[Section]:
    return [
        Section("Contacts", list(_by_value(_memberships, "status", ContactStatus.choices, campaigns))),
        Section("Calls", list(_by_value(_calls, "status", CallStatus.choices, campaigns))),
        Section("Answered by", list(_by_value(_calls, "answered_by", AnsweredBy.choices, campaigns))),
        Section("Disposition", list(_by_value(_calls, "disposition", Disposition.choices, campaigns))),
        Section("Among them", [row for row in _happenings(campaigns) if any(row[1])]),
    ]


def _memberships(campaign: Campaign) -> QuerySet[CampaignContact]:
    return CampaignContact.objects.filter(campaign=campaign)


def _calls(campaign: Campaign) -> QuerySet[Call]:
    return Call.objects.filter(campaign=campaign)


def _by_value(
    rows_of: Callable[[Campaign], QuerySet[Any]],
    field: str,
    choices: Sequence[tuple[str, str | Promise]],
    campaigns: Sequence[Campaign],
) -> Iterator[Row]:
    """A row for each value that occurs, in the order in which the choices stand."""
    counted = [Counter(rows_of(campaign).values_list(field, flat=True).order_by()) for campaign in campaigns]
    for value, label in choices:
        if any(counts[value] for counts in counted):
            yield str(label), [counts[value] for counts in counted]


def _happenings(campaigns: Sequence[Campaign]) -> Iterator[Row]:
    def row(label: str, **conditions: object) -> Row:
        return label, [_calls(campaign).filter(**conditions).distinct().count() for campaign in campaigns]

    yield row("the person hung up", end_reason=EndReason.PERSON_HUNG_UP)
    yield row("the person interrupted", turns__was_interrupted=True)
    yield row("callback promised", callback_at__isnull=False)
    yield row("recording stored", recording__status="stored")
    dialled = [_calls_placed(campaign) for campaign in campaigns]
    yield "second attempts", [sum(count >= 2 for count in counts) for counts in dialled]
    yield "third attempts", [sum(count >= 3 for count in counts) for counts in dialled]
    yield "later attempts", [sum(max(count - 3, 0) for count in counts) for counts in dialled]


def _calls_placed(campaign: Campaign) -> list[int]:
    """How often each contact was dialled; an attempt that was given back never was."""
    placed = _calls(campaign).filter(placed_at__isnull=False).order_by()
    return list(placed.values("membership").annotate(count=Count("pk")).values_list("count", flat=True))


def unfinished_contacts(campaigns: Sequence[Campaign]) -> int:
    memberships = CampaignContact.objects.filter(campaign__in=campaigns)
    return memberships.count() - memberships.final().count()


def table(found: Iterable[Section], columns: Sequence[str]) -> Iterator[str]:
    """Lines of text, the figures right-aligned below the columns' names."""
    widths = [max(len(column), 6) for column in columns]
    yield f"{'':<30}" + "".join(f"  {column:>{width}}" for column, width in zip(columns, widths, strict=True))
    for section in found:
        yield section.title
        for label, figures in section.rows:
            yield f"  {label:<28}" + "".join(
                f"  {figure:>{width}}" for figure, width in zip(figures, widths, strict=True)
            )


@dataclass(frozen=True)
class OwnTime:
    """Milliseconds from a turn's request to the first words out, less what the model needed for its first token."""

    turns: int
    p50: int
    p95: int

    def __str__(self) -> str:
        if not self.turns:
            return "no turns"
        turns = "1 turn" if self.turns == 1 else f"{self.turns} turns"
        return f"p50 {self.p50} ms, p95 {self.p95} ms over {turns}"


def own_time(campaign: Campaign) -> OwnTime:
    turns = Turn.objects.filter(
        call__campaign=campaign, first_words_ms__isnull=False, model_first_token_ms__isnull=False
    )
    own = F("first_words_ms") - F("model_first_token_ms")
    values = sorted(turns.annotate(own=own).values_list("own", flat=True))
    if len(values) < 2:
        return OwnTime(len(values), *(values * 2 or [0, 0]))
    cuts = quantiles(values, n=20, method="inclusive")
    return OwnTime(len(values), round(cuts[9]), round(cuts[18]))


def shared_transcripts(campaigns: Sequence[Campaign], personas: Mapping[str, str]) -> list[set[str]]:
    """Sets of personas whose calls have the same transcript but for the person's name; empty when all differ."""
    speakers: dict[tuple[tuple[str, str], ...], set[str]] = defaultdict(set)
    for call in _spoken_calls(campaigns):
        if persona := personas.get(call.carrier_sid or ""):
            speakers[_transcript(call)].add(persona)
    return [names for names in speakers.values() if len(names) > 1]


def _transcript(call: Call) -> tuple[tuple[str, str], ...]:
    """Two people are called by two names: that alone makes no other conversation."""
    name = (call.contact.full_name if call.contact else "").split()
    names = re.compile("|".join(rf"\b{re.escape(part)}\b" for part in name) or r"(?!)", re.IGNORECASE)
    return tuple((turn.heard, names.sub("…", turn.said)) for turn in call.turns.all())


def _spoken_calls(campaigns: Sequence[Campaign]) -> QuerySet[Call]:
    """The calls in which somebody or something said a word."""
    spoken = Turn.objects.exclude(heard="").filter(call__campaign__in=campaigns)
    return Call.objects.filter(pk__in=spoken.values("call")).select_related("contact").prefetch_related("turns")


def personas_met() -> dict[str, str]:
    """The carrier's call id -> who the practice network let answer."""
    answer = httpx.get(f"{settings.TWILIO_BASE_URL}/simulator/calls", timeout=30, trust_env=False)
    return {call["sid"]: call["persona"] for call in answer.raise_for_status().json()["calls"]}

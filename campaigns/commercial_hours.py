"""At which hours the law lets commercial calls ring, by the country that is called. Pure.

A country that is not in the table sets no hours that we know of; the campaign's own windows hold there as everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.calling_hours import Windows, is_open

MONDAY_TO_FRIDAY = ("0", "1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class CommercialHours:
    """From `opens` to before `closes` on these weekdays, in the called person's zone; never on public holidays."""

    country: str
    prefix: str
    since: date
    law: str
    opens: str
    closes: str
    weekdays: tuple[str, ...] = MONDAY_TO_FRIDAY

    @property
    def windows(self) -> Windows:
        return {day: [[self.opens, self.closes]] for day in self.weekdays}

    def is_open(self, *, zones: Sequence[str], now: datetime) -> bool:
        return is_open(windows=self.windows, zones=zones, now=now)

    def narrow(self, windows: Windows) -> Windows:
        """What these windows and the law both allow."""
        return {day: spans for day in self.weekdays if (spans := self._narrow_day(windows.get(day, ())))}

    def first_day_outside(self, windows: Windows) -> str | None:
        """The first weekday on which the windows open when the law does not."""
        return next((day for day, spans in sorted(windows.items()) if not self._allows(day, spans)), None)

    def _allows(self, day: str, spans: Sequence[Sequence[str]]) -> bool:
        if day not in self.weekdays:
            return not spans
        return all(self.opens <= start and end <= self.closes for start, end in spans)

    def _narrow_day(self, spans: Sequence[Sequence[str]]) -> list[list[str]]:
        narrowed = ([max(start, self.opens), min(end, self.closes)] for start, end in spans)
        return [[start, end] for start, end in narrowed if start < end]


# Newest version first. Spain: "no antes de las 9 horas ni más tarde de las 21 horas ni festivos o fines de semana"
# (Real Decreto Legislativo 1/2007, article 96.2, as worded by Ley 3/2014).
COMMERCIAL_HOURS: tuple[CommercialHours, ...] = (
    CommercialHours(
        country="ES",
        prefix="+34",
        since=date(2014, 6, 13),
        law="RDLeg 1/2007, art. 96.2",
        opens="09:00",
        closes="21:00",
    ),
)


def commercial_hours_on(day: date) -> list[CommercialHours]:
    """Of each country the version that is in force on that day."""
    newest_last = (hours for hours in reversed(COMMERCIAL_HOURS) if hours.since <= day)
    return list({hours.country: hours for hours in newest_last}.values())


def commercial_hours_for(e164: str, *, on: date) -> CommercialHours | None:
    """What is in force on that day where this number rings."""
    return next((hours for hours in commercial_hours_on(on) if e164.startswith(hours.prefix)), None)

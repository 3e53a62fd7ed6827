"""When a campaign may call: weekly windows, read in the contact's own time zones, and public holidays.

Windows map a weekday number as text ("0" is Monday) to spans of local time: {"0": [["10:00", "14:00"]]}. A span holds
its first minute and not its last; "24:00" is the end of the day. Zero-padded times compare correctly as text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.utils.translation import gettext as _

Windows = Mapping[str, Sequence[Sequence[str]]]

WEEKDAYS = tuple(str(day) for day in range(7))
END_OF_DAY = "24:00"
TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LOOK_AHEAD_DAYS = 15
"""Two weeks and a day: the change to summer time can swallow a window that exists once a week."""


class InvalidWindows(ValueError):
    """The windows make no sense; the message says why, `weekday` where (empty: as a whole)."""

    def __init__(self, message: str, weekday: str = "") -> None:
        super().__init__(message)
        self.weekday = weekday


def is_open(*, windows: Windows, zones: Sequence[str], now: datetime) -> bool:
    """Whether a call may ring at `now` in every one of the zones. No zone, or an unknown one: closed."""
    places = [zone_named(name) for name in zones]
    return bool(places) and all(place is not None and _is_open_in(windows, place, now) for place in places)


def next_opening(*, windows: Windows, zones: Sequence[str], now: datetime) -> datetime | None:
    """The first instant from `now` on at which `is_open`; None if there is none in the next two weeks."""
    if is_open(windows=windows, zones=zones, now=now):
        return now
    places = [place for name in zones if (place := zone_named(name))]
    candidates = sorted({instant for place in places for instant in _changes(windows, place, now) if instant > now})
    return next((at for at in candidates if is_open(windows=windows, zones=zones, now=at)), None)


def validate_windows(windows: Any) -> None:
    """Refuse windows that are not what they should be, are inverted, overlap, or never open."""
    if not isinstance(windows, Mapping) or not any(windows.values()):
        raise InvalidWindows(_("Enter at least one calling window."))
    for weekday, spans in windows.items():
        if weekday not in WEEKDAYS:
            raise InvalidWindows(_("Unknown weekday: %(weekday)s.") % {"weekday": weekday})
        _validate_day(weekday, spans)


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of that name, or None when there is none such."""
    return _zone(name) if name else None


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def holiday_name(*, country: str, day: date) -> str | None:
    """The public holiday observed in the whole country on that day; None on other days and in unknown countries."""
    return _holidays_of(country, day.year).get(day)


@lru_cache(maxsize=512)
def _holidays_of(country: str, year: int) -> dict[date, str]:
    try:
        return dict(holidays.country_holidays(country, years=year))
    except (NotImplementedError, AttributeError):
        return {}


def _is_open_in(windows: Windows, place: ZoneInfo, now: datetime) -> bool:
    local = now.astimezone(place)
    minute = f"{local.hour:02}:{local.minute:02}"
    return any(start <= minute < end for start, end in windows.get(str(local.weekday()), ()))


def _changes(windows: Windows, place: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """Every instant in the time ahead at which a closed zone can become open."""
    today = now.astimezone(place).date()
    for day in (today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS)):
        for start, _end in windows.get(str(day.weekday()), ()):
            yield from _instants(day, start, place)
        if (change := _change_of_offset(day, place)) is not None:
            yield change


def _instants(day: date, start: str, place: ZoneInfo) -> Iterator[datetime]:
    """Both instants that a wall clock can mean where it is turned back."""
    wall = datetime.combine(day, time.fromisoformat(start), tzinfo=place)
    for fold in (0, 1):
        yield wall.replace(fold=fold).astimezone(UTC)


def _change_of_offset(day: date, place: ZoneInfo) -> datetime | None:
    """The instant of that day at which the clocks change, to the second, found by halving."""
    before = datetime.combine(day, datetime.min.time(), tzinfo=place).astimezone(UTC)
    after = before + timedelta(days=1, hours=1)
    offset = before.astimezone(place).utcoffset()
    if after.astimezone(place).utcoffset() == offset:
        return None
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if middle.astimezone(place).utcoffset() == offset else (before, middle)
    return after


def _validate_day(weekday: str, spans: Any) -> None:
    if not isinstance(spans, list | tuple):
        raise InvalidWindows(_("Write windows as 10:00-14:00, 16:00-20:00."), weekday)
    for span in spans:
        _validate_span(weekday, span)
    for earlier, later in pairwise(sorted(spans)):
        if later[0] < earlier[1]:
            overlap = {"first": "-".join(earlier), "second": "-".join(later)}
            raise InvalidWindows(_("%(first)s and %(second)s overlap.") % overlap, weekday)


def _validate_span(weekday: str, span: Any) -> None:
    if not isinstance(span, list | tuple) or len(span) != 2:
        raise InvalidWindows(_("Write windows as 10:00-14:00, 16:00-20:00."), weekday)
    for text in span:
        if text != END_OF_DAY and not (isinstance(text, str) and TIME_OF_DAY.fullmatch(text)):
            raise InvalidWindows(_("%(time)s is not a time of day (00:00 to 24:00).") % {"time": text}, weekday)
    start, end = span
    if start >= end:
        inverted = {"start": start, "end": end}
        raise InvalidWindows(_("The window ends (%(end)s) before it begins (%(start)s).") % inverted, weekday)

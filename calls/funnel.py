"""The dialer's rules: may this contact be called now, and if not, why not? Pure; asked to queue and to place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from calls.standing import attempts_allowed
from campaigns.calling_hours import Windows, holiday_name, is_open
from campaigns.commercial_hours import CommercialHours
from campaigns.models import PassOverReason


class Dial(Enum):
    """The answer of the funnel when nothing speaks against the call."""

    DIAL = "dial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the rules ask about a contact of a campaign. `zones`: every zone in which the phone may ring."""

    is_campaign_running: bool
    e164: str
    is_on_dnc_list: bool
    has_legal_basis: bool
    attempts: int
    max_attempts: int
    is_callback: bool
    next_attempt_at: datetime
    is_always_open: bool
    windows: Windows
    zones: Sequence[str]
    observes_holidays: bool
    country: str
    recent_calls: int
    max_recent_calls: int
    is_number_in_call: bool
    is_budget_reached: bool
    has_capacity: bool
    commercial_hours: CommercialHours | None = None
    """What the law of the called country says of this call, whatever the campaign's windows are."""

    @property
    def allowed_windows(self) -> Windows:
        """The campaign's windows, as far as the law lets them be used."""
        return self.commercial_hours.narrow(self.windows) if self.commercial_hours else self.windows


def decide(facts: Facts, now: datetime) -> Dial | PassOverReason:
    """The first reason against the call, in the order of `PassOverReason`; else to dial."""
    return next((reason for reason, speaks_against in RULES.items() if speaks_against(facts, now)), Dial.DIAL)


def holiday_now(*, country: str, zones: Sequence[str], now: datetime) -> str | None:
    """The name of the public holiday that it is in one of the zones at this instant."""
    days = {now.astimezone(ZoneInfo(zone)).date() for zone in zones}
    names = (holiday_name(country=country, day=day) for day in sorted(days))
    return next((name for name in names if name), None)


def _attempts_are_used_up(facts: Facts, now: datetime) -> bool:
    return facts.attempts >= attempts_allowed(max_attempts=facts.max_attempts, is_callback=facts.is_callback)


def _is_outside_window(facts: Facts, now: datetime) -> bool:
    law = facts.commercial_hours
    if law and not law.is_open(zones=facts.zones, now=now):
        return True
    return not facts.is_always_open and not is_open(windows=facts.windows, zones=facts.zones, now=now)


def _is_public_holiday(facts: Facts, now: datetime) -> bool:
    law = facts.commercial_hours
    if law and holiday_now(country=law.country, zones=facts.zones, now=now):
        return True
    if facts.is_always_open or not facts.observes_holidays:
        return False
    return holiday_now(country=facts.country, zones=facts.zones, now=now) is not None


RULES: Mapping[PassOverReason, Callable[[Facts, datetime], bool]] = {
    PassOverReason.CAMPAIGN_NOT_RUNNING: lambda facts, now: not facts.is_campaign_running,
    PassOverReason.NO_VALID_NUMBER: lambda facts, now: not facts.e164,
    PassOverReason.ON_DNC_LIST: lambda facts, now: facts.is_on_dnc_list,
    PassOverReason.NO_LEGAL_BASIS: lambda facts, now: not facts.has_legal_basis,
    PassOverReason.ATTEMPTS_EXHAUSTED: _attempts_are_used_up,
    PassOverReason.NOT_YET_DUE: lambda facts, now: facts.next_attempt_at > now,
    PassOverReason.OUTSIDE_WINDOW: _is_outside_window,
    PassOverReason.PUBLIC_HOLIDAY: _is_public_holiday,
    PassOverReason.FREQUENCY_CAP: lambda facts, now: facts.recent_calls >= facts.max_recent_calls,
    PassOverReason.ALREADY_IN_CALL: lambda facts, now: facts.is_number_in_call,
    PassOverReason.BUDGET_REACHED: lambda facts, now: facts.is_budget_reached,
    PassOverReason.NO_CAPACITY: lambda facts, now: not facts.has_capacity,
}


def objection_to_hour(facts: Facts, at: datetime) -> PassOverReason | None:
    """What window, law or holiday say against ringing at this instant, whatever else stands in the way."""
    of_the_hour = (PassOverReason.OUTSIDE_WINDOW, PassOverReason.PUBLIC_HOLIDAY)
    return next((reason for reason in of_the_hour if RULES[reason](facts, at)), None)

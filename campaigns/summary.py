"""A campaign's calling rules in words, for its page."""

from django.utils import dates
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.calling_hours import WEEKDAYS
from campaigns.durations import write_duration
from campaigns.models import CallingRules
from campaigns.outcomes import RETRIED_OUTCOMES
from campaigns.windows_text import write_spans

Fact = tuple[str | Promise, str]


def rules_summary(rules: CallingRules) -> list[Fact]:
    """Pairs of a name and what holds."""
    return [*_windows(rules), *_limits(rules), *_delays(rules)]


def _windows(rules: CallingRules) -> list[Fact]:
    if rules.is_always_open:
        return [(_("Calling windows"), _("At any hour of any day (practice)"))]
    days = [day for day in WEEKDAYS if rules.windows.get(day)]
    windows: list[Fact] = [(capfirst(str(dates.WEEKDAYS[int(day)])), write_spans(rules.windows[day])) for day in days]
    holidays = _("No calls") if rules.observes_holidays else _("Like other days")
    return [*windows, (_("Public holidays"), holidays)]


def _limits(rules: CallingRules) -> list[Fact]:
    return [
        (_("Calls at once"), str(rules.max_concurrent_calls)),
        (_("Starts per second"), f"{rules.starts_per_second.normalize():f}"),
        (_("Attempts a contact"), str(rules.max_attempts)),
        (_("Calls to one number a day, all campaigns"), str(rules.max_attempts_per_day)),
    ]


def _delays(rules: CallingRules) -> list[Fact]:
    return [
        (RETRIED_OUTCOMES[outcome], write_duration(seconds))
        for outcome, seconds in rules.retry_delays.items()
        if outcome in RETRIED_OUTCOMES
    ]

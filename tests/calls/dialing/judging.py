"""Records of calls that were placed by the rules, and what the judge says when they are spoiled."""

from datetime import UTC, datetime, timedelta

from callcenter import clock
from calls.judge import Case, judge_dialing
from calls.models import CallStatus
from campaigns.models import CallingRules, Campaign
from contacts.models import Contact
from tests.factories import make_call

WEEKDAYS = {str(day): [["10:00", "20:00"]] for day in range(5)}
EVERY_DAY = {str(day): [["00:00", "24:00"]] for day in range(7)}
FRIDAY_NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
IMMACULATE_CONCEPTION = datetime(2026, 12, 8, 11, 0, tzinfo=UTC)  # a Tuesday, a holiday in all of Spain
EVIDENCE = {
    "basis": "consent",
    "is_always_open": False,
    "windows": WEEKDAYS,
    "zones": ["Europe/Madrid"],
    "observes_holidays": True,
    "country": "ES",
    "attempts_allowed": 3,
    "recent_calls_allowed": 3,
    "calls_at_once": 5,
    "calls_at_once_account": 100,
    "starts_per_second": 1.0,
    "starts_per_second_account": 50.0,
}
PRACTICE = {"is_always_open": True, "basis": "practice"}


def held_call(at=FRIDAY_NOON, *, evidence=None, seconds=60, **fields):
    """A call that was placed at that instant and ended properly."""
    ended = {
        "status": CallStatus.COMPLETED,
        "place_at": at,
        "placed_at": at,
        "ended_at": at + timedelta(seconds=seconds),
    }
    call = make_call(**ended | {"evidence": EVIDENCE | (evidence or {})} | fields)
    set_rules(call.campaign, call.evidence)
    Contact.objects.update(updated_at=FRIDAY_NOON - timedelta(days=30))
    return call


def set_rules(campaign, evidence):
    """As they were for all the time that these tests look at."""
    names = ("windows", "is_always_open", "observes_holidays")
    CallingRules.objects.filter(campaign=campaign).update(**{name: evidence[name] for name in names})
    Campaign.objects.filter(pk=campaign.pk).update(required_basis=evidence["basis"])


def broken(rule: str, **options) -> dict[str, set[str]]:
    """What the judge says about the rule, by record; and nothing about any other rule."""
    findings = judge_dialing(Case(now=clock.now(), **options))
    assert not [finding for finding in findings if finding.violations and finding.rule != rule]
    [finding] = [finding for finding in findings if finding.rule == rule]
    said: dict[str, set[str]] = {}
    for violation in finding.violations:
        said.setdefault(violation.subject, set()).add(violation.what)
    return said

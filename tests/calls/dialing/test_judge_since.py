"""The judge may be asked about the calls since an instant; what came before still stands in their way."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from callcenter import clock
from calls.judge import Case, judge_dialing
from calls.models import Call, CallStatus
from tests.calls.dialing.judging import FRIDAY_NOON, SATURDAY, broken, held_call
from tests.factories import make_call

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_calls_of_before_are_left_out():
    held_call(SATURDAY)
    assert broken("SAF-1") != {}
    assert broken("SAF-1", since=SATURDAY + HOUR) == {}
    assert {finding.rule: finding.checked for finding in judge_dialing(Case(now=clock.now(), since=SATURDAY + HOUR))}[
        "SAF-5"
    ] == 0


def test_calls_of_before_count_for_those_that_are_judged():
    evidence = {"recent_calls_allowed": 1, "attempts_allowed": 1}
    first = held_call(FRIDAY_NOON, evidence=evidence)
    second = held_call(
        FRIDAY_NOON + HOUR,
        evidence=evidence,
        campaign=first.campaign,
        membership=first.membership,
        attempt_number=2,
    )
    assert broken("SAF-4", since=FRIDAY_NOON + HOUR / 2) == {str(second.pk): {"frequency", "attempts"}}


def test_a_call_that_is_still_open_is_judged_however_old_it_is():
    call = make_call(status=CallStatus.RINGING, placed_at=clock.now() - timedelta(days=2), evidence={})
    [finding] = [found for found in judge_dialing(Case(now=clock.now(), since=clock.now())) if found.rule == "SAF-5"]
    assert [found.subject for found in finding.violations] == [str(call.pk)]


def test_an_attempt_made_twice_before_is_left_out():
    first = held_call(FRIDAY_NOON)
    second = held_call(FRIDAY_NOON + timedelta(seconds=20), campaign=first.campaign)
    Call.objects.filter(pk=second.pk).update(number_hash=first.number_hash)
    assert broken("SAF-3") == {str(second.pk): {"number_in_two_calls"}}
    assert broken("SAF-3", since=FRIDAY_NOON + HOUR) == {}


@pytest.mark.parametrize(("since", "checked"), [("2026-11-20", 1), ("2026-11-20T12:30:00+00:00", 0)])
def test_the_command_takes_a_date_or_an_instant(since, checked):
    held_call()
    out = StringIO()
    call_command("judge_dialing", "--json", f"--since={since}", stdout=out)
    rules = json.loads(out.getvalue().splitlines()[-1])["rules"]
    assert {rules[name]["checked"] for name in ("SAF-1", "SAF-2", "SAF-3", "SAF-4", "SAF-5")} == {checked}

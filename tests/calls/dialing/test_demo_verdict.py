"""The demonstration is judged by its own records and by what the practice network has listed since it began."""

from datetime import timedelta

import pytest

from callcenter import clock
from callcenter.demo.verdict import judge_demonstration
from calls.models import Call, CallStatus
from calls.services import place_call
from tests.factories import make_call, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_verdict_is_on_the_calls_of_this_demonstration(carrier):
    at = clock.now() - timedelta(minutes=5)
    ended = {"status": CallStatus.COMPLETED, "placed_at": at, "ended_at": at}
    call, earlier = make_call(**ended), make_call(**ended, carrier_sid="CA-of-another-network")
    verdict = judge_demonstration([call.campaign])
    assert [found.subject for found in verdict.own["SAF-1"]] == [str(call.pk)]
    assert str(earlier.pk) not in {found.subject for violations in verdict.own.values() for found in violations}
    assert verdict.earlier >= 1


def test_a_call_that_only_the_practice_network_has_is_held_against_the_demonstration(carrier):
    call = make_call(campaign=make_campaign(started_at=clock.now() - timedelta(seconds=1)))
    place_call(call_id=call.pk)
    call.refresh_from_db()
    sid = call.carrier_sid
    Call.objects.filter(pk=call.pk).update(carrier_sid=None)
    verdict = judge_demonstration([call.campaign])
    assert (sid, "unknown_here") in {(found.subject, found.what) for found in verdict.own["SAF-3"]}


def test_calls_of_before_are_not_looked_for_in_the_list_of_a_practice_network_that_was_started_anew(carrier):
    at = clock.now() - timedelta(hours=2)
    make_call(status=CallStatus.COMPLETED, placed_at=at, ended_at=at, carrier_sid="CA-forgotten")
    verdict = judge_demonstration([make_campaign(started_at=clock.now())])
    assert "unknown_at_carrier" not in {found.what for finding in verdict.findings for found in finding.violations}

"""Any order, any repetition and any loss of the carrier's news ends in the same records."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from callcenter import clock
from calls.models import AnsweredBy, Call, CallStatus
from calls.services import move, record_answered_by, record_status
from calls.services.progress import StatusNews
from campaigns.models import ContactStatus, Disposition
from tests.factories import make_call, make_campaign, make_membership

pytestmark = pytest.mark.django_db
NEWS = [
    StatusNews(""),
    StatusNews(CallStatus.RINGING),
    StatusNews(CallStatus.IN_PROGRESS),
    StatusNews(CallStatus.COMPLETED, duration_seconds=30),
]
VOICEMAIL = "verdict: voicemail"


def tell(call: Call, news) -> None:
    if news == VOICEMAIL:
        record_answered_by(call=call, answered_by=AnsweredBy.VOICEMAIL, source="test")
    else:
        record_status(call=call, news=news, source="test")


def final_records(call: Call) -> tuple:
    call.refresh_from_db()
    member = call.membership
    member.refresh_from_db()
    waits = member.next_attempt_at - call.ended_at
    result = (call.status, call.answered_by, call.disposition, call.duration_seconds, call.answered_at is not None)
    return *result, member.status, member.attempts, member.last_outcome, waits, call.contact.call_count


@given(
    arrivals=st.permutations([*NEWS, VOICEMAIL]).flatmap(
        lambda order: st.lists(st.sampled_from([*NEWS, VOICEMAIL]), max_size=6).map(lambda more: [*order, *more])
    ),
    lost=st.sets(st.sampled_from(NEWS[:3])),
)
@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_carrier_news_in_any_order_ends_in_the_same_records(arrivals, lost):
    call = make_call(status=CallStatus.DIALING, placed_at=clock.now())
    for news in arrivals:
        if news not in lost:
            tell(call, news)
    assert final_records(call) == (
        CallStatus.COMPLETED,
        AnsweredBy.VOICEMAIL,
        Disposition.VOICEMAIL,
        30,
        True,
        ContactStatus.PENDING,
        1,
        Disposition.VOICEMAIL,
        timedelta(hours=24),
        1,
    )


def test_a_move_writes_its_event_and_a_stale_one_writes_none():
    call = make_call(status=CallStatus.DIALING)
    assert move(call, CallStatus.IN_PROGRESS, source="test", reason="answered")
    assert not move(call, CallStatus.RINGING, source="test")
    [event] = call.events.all()
    assert (event.from_status, event.to_status, event.reason) == ("dialing", "in_progress", "answered")


def test_an_uncertain_verdict_gives_way_to_a_clear_one_and_not_the_other_way_round():
    call = make_call(status=CallStatus.IN_PROGRESS)
    for verdict in (AnsweredBy.UNCERTAIN, AnsweredBy.HUMAN, AnsweredBy.UNCERTAIN, AnsweredBy.VOICEMAIL):
        record_answered_by(call=call, answered_by=verdict, source="test")
    assert call.answered_by == AnsweredBy.HUMAN


@pytest.mark.parametrize(("status", "hours"), [(CallStatus.BUSY, 1), (CallStatus.NO_ANSWER, 4), (CallStatus.FAILED, 4)])
def test_an_unanswered_call_is_tried_again_after_the_campaigns_delay(status, hours):
    call = make_call(status=CallStatus.DIALING)
    record_status(call=call, news=StatusNews(status), source="test")
    call.membership.refresh_from_db()
    assert call.membership.status == ContactStatus.PENDING
    assert call.membership.next_attempt_at == call.ended_at + timedelta(hours=hours)


def test_the_last_attempt_exhausts_the_contact():
    campaign = make_campaign(rules={"max_attempts": 2})
    membership = make_membership(campaign=campaign, status=ContactStatus.IN_CALL, attempts=2)
    call = make_call(campaign=campaign, membership=membership, status=CallStatus.RINGING)
    record_status(call=call, news=StatusNews(CallStatus.NO_ANSWER), source="test")
    membership.refresh_from_db()
    assert membership.status == ContactStatus.EXHAUSTED


def test_news_of_life_from_a_call_that_was_given_up_hangs_it_up(dialing_queue, django_capture_on_commit_callbacks):
    call = make_call(status=CallStatus.CANCELED, carrier_sid="CA1")
    with django_capture_on_commit_callbacks(execute=True):
        record_status(call=call, news=StatusNews(CallStatus.IN_PROGRESS), source="test")
    assert [job.func_name for job in dialing_queue.jobs] == ["calls.jobs.end_at_carrier"]

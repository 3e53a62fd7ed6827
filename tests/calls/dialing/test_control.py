from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import AuditEntry
from callcenter import clock
from calls.models import Call, CallStatus
from calls.refusals import CallRefused
from calls.services import (
    call_now,
    cancel_call,
    finish_call,
    hang_up_call,
    note_why_ending,
    opt_out,
    promise_callback,
    reschedule_call,
    settle_disposition,
)
from campaigns.models import ContactStatus, Disposition, PassOverReason
from contacts.models import DoNotCallEntry
from tests.factories import make_call, make_campaign, make_contact, make_membership

pytestmark = pytest.mark.django_db


def test_call_now_queues_a_contact_that_is_not_due_yet(alice):
    membership = make_membership(campaign=make_campaign(), next_attempt_at=clock.now() + timedelta(days=2))
    call = call_now(campaign=membership.campaign, membership=membership, user=alice)
    membership.refresh_from_db()
    assert (call.status, membership.status, membership.attempts) == (CallStatus.QUEUED, ContactStatus.IN_CALL, 1)
    assert AuditEntry.objects.filter(action="call_now", user=alice).exists()


def test_call_now_takes_a_contact_into_the_campaign(alice):
    contact, campaign = make_contact(), make_campaign()
    assert call_now(campaign=campaign, contact=contact, user=alice).membership.contact == contact


@pytest.mark.parametrize(
    ("membership", "reason"),
    [
        (lambda: make_membership(campaign=make_campaign(status="paused")), PassOverReason.CAMPAIGN_NOT_RUNNING),
        (lambda: make_membership(campaign=make_campaign(rules={"windows": {}})), PassOverReason.OUTSIDE_WINDOW),
        (lambda: make_membership(campaign=make_campaign(), attempts=3), PassOverReason.ATTEMPTS_EXHAUSTED),
    ],
)
def test_call_now_keeps_every_other_rule_and_says_which(membership, reason, alice):
    member = membership()
    with pytest.raises(CallRefused) as refused:
        call_now(campaign=member.campaign, membership=member, user=alice)
    assert (refused.value.reason, refused.value.message) == (reason, reason.label)
    assert not Call.objects.exists()


def test_a_contact_in_a_call_is_not_called_twice(alice):
    call = make_call()
    with pytest.raises(CallRefused):
        call_now(campaign=call.campaign, membership=call.membership, user=alice)


def test_cancelling_ends_a_waiting_call_for_good(alice):
    call = make_call()
    cancel_call(call=call, user=alice)
    call.membership.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.CANCELED, "staff_canceled")
    assert call.membership.status == ContactStatus.DONE


def test_a_call_that_was_answered_is_not_cancelled_but_hung_up(alice):
    call = make_call(status=CallStatus.IN_PROGRESS)
    with pytest.raises(CallRefused):
        cancel_call(call=call, user=alice)


def test_a_waiting_call_is_moved_to_another_time(alice):
    call, tomorrow = make_call(), clock.now() + timedelta(days=1)
    membership = reschedule_call(call=call, at=tomorrow, user=alice)
    call.refresh_from_db()
    assert call.status == CallStatus.CANCELED
    assert (membership.status, membership.attempts, membership.next_attempt_at) == ("pending", 0, tomorrow)


def test_a_contact_that_was_done_with_can_be_called_later(alice):
    membership = make_membership(campaign=make_campaign(), status=ContactStatus.DONE, attempts=1)
    reschedule_call(membership=membership, at=clock.now() + timedelta(hours=1), user=alice)
    membership.refresh_from_db()
    assert (membership.status, membership.reason) == (ContactStatus.PENDING, PassOverReason.NOT_YET_DUE)


@pytest.mark.parametrize("status", [ContactStatus.BLOCKED, ContactStatus.IN_CALL])
def test_who_may_not_be_called_or_is_in_a_call_is_not_rescheduled(status, alice):
    membership = make_membership(campaign=make_campaign(), status=status)
    with pytest.raises(CallRefused):
        reschedule_call(membership=membership, at=clock.now() + timedelta(hours=1), user=alice)


def test_nothing_is_rescheduled_in_a_campaign_that_is_finished(alice):
    membership = make_membership(campaign=make_campaign(status="finished"), status=ContactStatus.DONE)
    with pytest.raises(CallRefused):
        reschedule_call(membership=membership, at=clock.now() + timedelta(hours=1), user=alice)


def test_nothing_is_rescheduled_into_the_past(alice):
    with pytest.raises(CallRefused):
        reschedule_call(call=make_call(), at=clock.now() - timedelta(seconds=1), user=alice)


def test_hanging_up_asks_the_carrier_and_keeps_the_reason(alice, dialing_queue, django_capture_on_commit_callbacks):
    call = make_call(status=CallStatus.IN_PROGRESS, carrier_sid="CA1")
    with django_capture_on_commit_callbacks(execute=True):
        hang_up_call(call=call, user=alice)
    assert [job.func_name for job in dialing_queue.jobs] == ["calls.jobs.end_at_carrier"]
    finish_call(call=call, status=CallStatus.COMPLETED, source="carrier", reason="person_hung_up")
    assert call.end_reason == "staff_hung_up"


def test_the_first_reason_for_an_end_stays():
    call = make_call(status=CallStatus.IN_PROGRESS)
    note_why_ending(call=call, reason="assistant_ended")
    note_why_ending(call=call, reason="silence")
    finish_call(call=call, status=CallStatus.COMPLETED, source="carrier", reason="person_hung_up")
    assert call.end_reason == "assistant_ended"


def test_the_first_result_of_a_call_stays_but_a_wish_not_to_be_called_always_counts():
    call = make_call(status=CallStatus.IN_PROGRESS)
    assert settle_disposition(call=call, disposition=Disposition.INTERESTED, source="test")
    assert not settle_disposition(call=call, disposition=Disposition.NOT_INTERESTED, source="test")
    assert settle_disposition(call=call, disposition=Disposition.DO_NOT_CALL, source="test")
    assert call.disposition == Disposition.DO_NOT_CALL


def test_a_result_that_comes_after_the_end_still_decides_about_the_contact():
    call = make_call(status=CallStatus.IN_PROGRESS)
    finish_call(call=call, status=CallStatus.COMPLETED, source="test")
    settle_disposition(call=call, disposition=Disposition.INTERESTED, source="test")
    call.membership.refresh_from_db()
    assert (call.membership.status, call.membership.disposition) == (ContactStatus.DONE, Disposition.INTERESTED)


def test_an_opt_out_blocks_the_number_everywhere():
    call = make_call(status=CallStatus.IN_PROGRESS)
    elsewhere = make_membership(campaign=make_campaign(), contact=call.contact)
    opt_out(call=call, wording="no me llamen más", source="assistant")
    elsewhere.refresh_from_db()
    assert DoNotCallEntry.objects.get().number_hash == call.number_hash
    assert (elsewhere.status, elsewhere.reason) == (ContactStatus.BLOCKED, PassOverReason.ON_DNC_LIST)


def test_an_opt_out_blocks_the_contact_of_its_own_call_when_that_ends():
    call = make_call(status=CallStatus.IN_PROGRESS)
    opt_out(call=call, wording="key 9", source="key")
    finish_call(call=call, status=CallStatus.COMPLETED, source="carrier")
    call.membership.refresh_from_db()
    assert call.membership.status == ContactStatus.BLOCKED
    assert call.contact.call_count == 0


def test_an_opt_out_after_the_end_takes_back_what_waits_for_the_number():
    ended = make_call(status=CallStatus.COMPLETED)
    waiting = make_call(membership=make_membership(campaign=make_campaign(), contact=ended.contact, attempts=1))
    type(waiting.membership).objects.filter(pk=waiting.membership_id).update(status=ContactStatus.IN_CALL)
    opt_out(call=ended, wording="no me llamen más", source="assistant")
    waiting.refresh_from_db()
    waiting.membership.refresh_from_db()
    assert waiting.status == CallStatus.CANCELED
    assert waiting.membership.status == ContactStatus.BLOCKED


def test_a_promised_callback_beats_the_retry():
    call, at = make_call(status=CallStatus.IN_PROGRESS), clock.now() + timedelta(days=3)
    promise_callback(call=call, at=at, note="after work")
    finish_call(call=call, status=CallStatus.COMPLETED, source="carrier")
    member = call.membership
    member.refresh_from_db()
    assert (member.status, member.next_attempt_at, member.is_callback) == (ContactStatus.PENDING, at, True)


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 24, 21, 0, tzinfo=UTC), PassOverReason.OUTSIDE_WINDOW),
        (datetime(2026, 11, 28, 11, 0, tzinfo=UTC), PassOverReason.OUTSIDE_WINDOW),
        (datetime(2026, 12, 25, 11, 0, tzinfo=UTC), PassOverReason.PUBLIC_HOLIDAY),
        (datetime(2026, 11, 24, 18, 30, tzinfo=UTC), None),
        (datetime(2026, 11, 24, 8, 30, tzinfo=UTC), PassOverReason.OUTSIDE_WINDOW),
    ],
    ids=["10:00", "night", "Saturday", "Christmas", "19:30 in Madrid", "9:30 in Madrid, 8:30 in the Canaries"],
)
def test_only_a_time_that_can_be_kept_is_promised(at, reason):
    rules = {"windows": {str(day): [["09:00", "20:00"]] for day in range(5)}, "observes_holidays": True}
    membership = make_membership(campaign=make_campaign(rules=rules), contact=make_contact(time_zone="Atlantic/Canary"))
    call = make_call(campaign=membership.campaign, membership=membership, status=CallStatus.IN_PROGRESS)
    if reason is None:
        promise_callback(call=call, at=at)
        assert call.callback_at == at
        return
    with pytest.raises(CallRefused) as refused:
        promise_callback(call=call, at=at)
    assert (refused.value.reason, call.callback_at, call.disposition) == (reason, None, "")


def test_a_commercial_callback_is_not_promised_for_an_hour_that_the_law_forbids():
    call = make_call(campaign=make_campaign(kind="commercial"), status=CallStatus.IN_PROGRESS)
    with pytest.raises(CallRefused):
        promise_callback(call=call, at=datetime(2026, 11, 28, 11, 0, tzinfo=UTC))


def test_nothing_is_promised_to_a_contact_who_is_gone_from_the_campaign():
    call = make_call(status=CallStatus.IN_PROGRESS)
    call.membership.delete()
    with pytest.raises(CallRefused):
        promise_callback(call=call, at=clock.now() + timedelta(days=1))


def test_a_finished_call_is_counted_on_the_contact():
    placed_at = clock.now()
    call = make_call(status=CallStatus.IN_PROGRESS, placed_at=placed_at)
    settle_disposition(call=call, disposition=Disposition.COMPLETED, source="test")
    finish_call(call=call, status=CallStatus.COMPLETED, source="carrier", duration_seconds=12)
    contact = call.contact
    contact.refresh_from_db()
    assert (contact.call_count, contact.last_called_at, contact.last_disposition) == (1, placed_at, "completed")

"""Staff end calls: also one whose id is not known yet, and also while Redis is away."""

import socket
from datetime import timedelta

import pytest
from rq import SimpleWorker

from callcenter import clock
from calls import dispatch
from calls.conversation.jobs import end_live_call
from calls.dialer import tick
from calls.jobs import end_at_carrier, redirect_to_voicemail, sweep
from calls.models import Call, CallStatus
from calls.providers import telephony
from calls.services import cancel_call, hang_up_call, place_call, record_answered_by, record_status
from calls.services.progress import StatusNews
from campaigns.models import ContactStatus
from tests.calls.webhooks import post_webhook
from tests.factories import make_call, make_campaign, make_contact, make_membership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _no_redis(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://127.0.0.1:{closed.getsockname()[1]}/0"
    forget_redis()
    yield
    forget_redis()


def forget_redis() -> None:
    """A process keeps its clients as long as it lives."""
    dispatch._queue.cache_clear()
    dispatch._connection.cache_clear()


def call_that_rings(carrier) -> Call:
    """Nobody picks up, and no webhook reaches us."""
    contact = make_contact()
    carrier.pin(contact.primary_number.e164, "no-answer")
    membership = make_membership(campaign=make_campaign(), contact=contact, status=ContactStatus.IN_CALL, attempts=1)
    call = make_call(campaign=membership.campaign, membership=membership)
    place_call(call_id=call.pk)
    call.refresh_from_db()
    assert call.carrier_sid
    return call


def call_being_asked_for(**fields) -> Call:
    """The carrier was asked, and its answer is on the way."""
    return make_call(**{"status": CallStatus.DIALING, "placed_at": clock.now()} | fields)


@pytest.mark.parametrize("end", [hang_up_call, cancel_call])
def test_a_number_is_not_free_while_the_carriers_answer_is_on_its_way(end, alice):
    call = call_being_asked_for()
    again = make_membership(campaign=make_campaign(), contact=call.contact)
    end(call=call, user=alice)
    assert call.status == CallStatus.DIALING
    tick(clock.now())
    again.refresh_from_db()
    assert (again.status, again.reason) == (ContactStatus.PENDING, "already_in_call")


@pytest.mark.parametrize(("end", "reason"), [(hang_up_call, "staff_hung_up"), (cancel_call, "staff_canceled")])
def test_what_the_carrier_never_saw_ends_as_staff_asked(end, reason, carrier, alice):
    call = call_being_asked_for(placed_at=clock.now() - timedelta(minutes=2))
    end(call=call, user=alice)
    Call.objects.update(lease_expires_at=clock.now())
    sweep()
    call.refresh_from_db()
    call.membership.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.CANCELED, reason)
    assert call.membership.status == ContactStatus.DONE


def test_a_call_that_was_hung_up_before_its_id_was_known_is_ended_when_the_carrier_names_it(unhurried_carrier, alice):
    call = call_that_rings(unhurried_carrier)
    sid = call.carrier_sid
    Call.objects.filter(pk=call.pk).update(carrier_sid=None)
    hang_up_call(call=call, user=alice)
    assert call.lease_expires_at <= clock.now() + timedelta(seconds=30)
    Call.objects.filter(pk=call.pk).update(lease_expires_at=clock.now())
    sweep()
    assert unhurried_carrier.who_ended(sid) == "rest"


def test_a_call_that_was_hung_up_while_the_carrier_was_asked_ends_with_its_answer(unhurried_carrier, alice):
    call = call_being_asked_for()
    hang_up_call(call=call, user=alice)
    Call.objects.filter(pk=call.pk).update(status=CallStatus.QUEUED, placed_at=None)
    unhurried_carrier.pin(call.to_number, "no-answer")
    place_call(call_id=call.pk)
    call.refresh_from_db()
    assert unhurried_carrier.who_ended(call.carrier_sid) == "rest"


def test_a_refusal_of_what_staff_hung_up_does_not_bring_the_call_back(carrier, alice):
    call = call_being_asked_for()
    hang_up_call(call=call, user=alice)
    Call.objects.filter(pk=call.pk).update(status=CallStatus.QUEUED, placed_at=None)
    carrier.set_faults(fail_calls_with={call.to_number: 20429})
    place_call(call_id=call.pk)
    call.refresh_from_db()
    call.membership.refresh_from_db()
    assert (call.status, call.end_reason, call.placed_at) == (CallStatus.CANCELED, "staff_hung_up", None)
    assert call.membership.status == ContactStatus.DONE


def test_news_of_life_makes_us_ask_again_for_the_end(dialing_queue, alice):
    call = call_being_asked_for()
    hang_up_call(call=call, user=alice)
    Call.objects.filter(pk=call.pk).update(carrier_sid="CA1")
    record_status(call=call, news=StatusNews(CallStatus.RINGING), source="carrier")
    assert [job.func_name for job in dialing_queue.jobs] == ["calls.jobs.end_at_carrier"]


@pytest.mark.usefixtures("_no_redis")
@pytest.mark.parametrize("end", [hang_up_call, cancel_call])
def test_without_redis_the_carrier_is_told_at_once(end, unhurried_carrier, alice):
    call = call_that_rings(unhurried_carrier)
    end(call=call, user=alice)
    assert unhurried_carrier.who_ended(call.carrier_sid) == "rest"


@pytest.mark.usefixtures("_no_redis")
def test_a_hang_up_that_reached_neither_queue_nor_carrier_is_made_up_for(unhurried_carrier, alice):
    call = call_that_rings(unhurried_carrier)
    unhurried_carrier.set_faults(calls_api_status=503)
    hang_up_call(call=call, user=alice)
    unhurried_carrier.set_faults()
    Call.objects.filter(pk=call.pk).update(lease_expires_at=clock.now())
    sweep()
    assert unhurried_carrier.who_ended(call.carrier_sid) == "rest"


def test_a_contact_whose_call_staff_cancelled_is_not_tried_again_though_somebody_picked_up(alice):
    call = make_call(status=CallStatus.RINGING, carrier_sid="CA1")
    cancel_call(call=call, user=alice)
    record_status(call=call, news=StatusNews(CallStatus.COMPLETED, duration_seconds=1), source="carrier")
    call.membership.refresh_from_db()
    assert (call.end_reason, call.membership.status) == ("staff_canceled", ContactStatus.DONE)


def test_who_answers_a_call_that_is_being_cancelled_is_not_hung_up_on(unhurried_carrier, client, alice):
    call = call_that_rings(unhurried_carrier)
    cancel_call(call=call, user=alice)
    answer = post_webhook(client, call, "voice", {"CallStatus": "in-progress"})
    call.refresh_from_db()
    assert b"<Gather" in answer.content
    assert (call.status, call.end_reason, call.hang_up_asked_at) == (CallStatus.IN_PROGRESS, "", None)
    assert call.events.filter(kind="cancelled_too_late").exists()


def test_a_cancelled_call_is_taken_back_only_where_nobody_has_answered(settings, alice):
    settings.TELEPHONY_PROVIDER = f"{__name__}.Notebook"
    telephony.cache_clear()
    call = make_call(status=CallStatus.RINGING, carrier_sid="CA1", placed_at=clock.now())
    for end in (cancel_call, hang_up_call):
        end(call=call, user=alice)
        end_at_carrier(str(call.pk))
    telephony.cache_clear()
    assert Notebook.asked == [("cancel", "CA1"), ("end", "CA1")]
    assert call.end_reason == "staff_hung_up"


class Notebook:
    """A carrier of the tests' own, which writes down what it is asked."""

    asked: list[tuple[str, str]] = []

    def cancel_call(self, carrier_sid: str) -> None:
        self.asked.append(("cancel", carrier_sid))

    def end_call(self, carrier_sid: str) -> None:
        self.asked.append(("end", carrier_sid))


@pytest.mark.parametrize("job", [end_at_carrier, redirect_to_voicemail])
def test_a_carrier_that_does_not_answer_is_asked_again_by_the_workers(job, carrier, dialing_queue, alice):
    call = make_call(status=CallStatus.IN_PROGRESS, carrier_sid="CA1")
    carrier.set_faults(calls_api_status=503)
    if job is end_at_carrier:
        hang_up_call(call=call, user=alice)
    else:
        record_answered_by(call=call, answered_by="voicemail", source="carrier")
    [asked] = dialing_queue.jobs
    SimpleWorker([dialing_queue], connection=dialing_queue.connection).work(burst=True)
    assert asked.id in dialing_queue.scheduled_job_registry.get_job_ids()
    asked.delete()


def test_a_conversation_that_cannot_be_ended_at_once_is_ended_by_other_workers(carrier, dialing_queue):
    call = make_call(status=CallStatus.IN_PROGRESS, carrier_sid="CA1")
    carrier.set_faults(calls_api_status=503)
    end_live_call(str(call.pk), "assistant_ended")
    call.refresh_from_db()
    assert (call.end_reason, bool(call.hang_up_asked_at)) == ("assistant_ended", True)
    assert [job.func_name for job in dialing_queue.jobs] == ["calls.jobs.end_at_carrier"]

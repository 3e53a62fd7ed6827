"""A worker that stands still between its claim and the carrier's answer: nobody is rung on a stale permission."""

from datetime import timedelta

import pytest
import time_machine

from callcenter import clock
from calls.jobs import sweep
from calls.models import TERMINAL, Call, CallStatus
from calls.providers import telephony
from calls.providers.base import ProviderError
from calls.providers.twilio import TwilioTelephony
from calls.services import finish_call, place_call
from campaigns.models import ContactStatus
from tests.factories import make_call, make_campaign, make_contact, make_membership
from tests.simulator.server import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
TRAVEL: list[time_machine.Traveller] = []


class StallsBefore(TwilioTelephony):
    """Its worker is stopped after the claim, and goes on ten seconds later."""

    def __init__(self):
        super().__init__()
        TRAVEL[-1].shift(timedelta(seconds=10))


class StallsAfter(TwilioTelephony):
    """The carrier took the call, and by the time that its answer is read the call was settled here."""

    def place_call(self, request):
        placed = super().place_call(request)
        finish_call(call=Call.objects.get(), status=CallStatus.FAILED, source="sweeper", reason="unknown_to_carrier")
        return placed


class RefusesLate(TwilioTelephony):
    def place_call(self, request):
        finish_call(call=Call.objects.get(), status=CallStatus.FAILED, source="sweeper", reason="unknown_to_carrier")
        raise ProviderError("no", permanent=True, code="21211")


@pytest.fixture
def worker(carrier, settings):
    """Let this provider place the calls."""

    def use(provider: type[TwilioTelephony]) -> None:
        settings.TELEPHONY_PROVIDER = f"{__name__}.{provider.__name__}"
        telephony.cache_clear()

    yield use
    telephony.cache_clear()


def call_to_nobody(carrier) -> Call:
    contact = make_contact()
    carrier.pin(contact.primary_number.e164, "no-answer")
    membership = make_membership(campaign=make_campaign(), contact=contact, status=ContactStatus.IN_CALL, attempts=1)
    return make_call(campaign=membership.campaign, membership=membership)


def test_a_worker_that_stood_still_before_asking_hands_the_attempt_back(carrier, worker):
    call = make_call()
    with time_machine.travel(clock.now(), tick=True) as travel:
        TRAVEL.append(travel)
        worker(StallsBefore)
        place_call(call_id=call.pk)
    call.refresh_from_db()
    call.membership.refresh_from_db()
    assert call.to_number not in [entry["to"] for entry in carrier.dial_log()]
    assert (call.status, call.end_reason, call.placed_at) == (CallStatus.CANCELED, "asked_too_late", None)
    assert (call.membership.status, call.membership.attempts) == (ContactStatus.PENDING, 0)


def test_a_call_that_was_settled_while_the_carrier_was_asked_is_ended_there(carrier, worker):
    call = call_to_nobody(carrier)
    worker(StallsAfter)
    place_call(call_id=call.pk)
    call.refresh_from_db()
    assert (call.status, bool(call.carrier_sid)) == (CallStatus.FAILED, True)
    wait_until(lambda: telephony().fetch_call(call.carrier_sid).status in TERMINAL)
    assert telephony().fetch_call(call.carrier_sid).status != CallStatus.NO_ANSWER


def test_a_late_refusal_changes_nothing_of_a_call_that_was_settled(worker):
    placed = make_call()
    worker(RefusesLate)
    place_call(call_id=placed.pk)
    placed.refresh_from_db()
    assert (placed.status, placed.end_reason) == (CallStatus.FAILED, "unknown_to_carrier")
    assert placed.placed_at


def test_who_may_have_been_rung_is_not_tried_again_while_that_call_could_live(carrier):
    campaign = make_campaign(rules={"retry_delays": {"failed": 60}}, ring_timeout_seconds=30, max_call_seconds=600)
    placed_at = clock.now() - timedelta(minutes=2)
    call = make_call(campaign=campaign, status=CallStatus.DIALING, placed_at=placed_at)
    Call.objects.update(lease_expires_at=clock.now())
    sweep()
    call.membership.refresh_from_db()
    assert call.membership.status == ContactStatus.PENDING
    assert call.membership.next_attempt_at >= placed_at + timedelta(seconds=690)

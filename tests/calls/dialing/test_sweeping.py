from datetime import timedelta

import pytest

from callcenter import clock
from calls.jobs import sweep
from calls.models import TERMINAL, Call, CallStatus
from calls.providers import telephony
from calls.providers.base import CarrierCall, ProviderError
from calls.providers.twilio import TwilioTelephony
from calls.services import place_call, sweeping
from campaigns.models import ContactStatus
from tests.factories import make_call, make_campaign, make_contact
from tests.simulator.server import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def expire(call: Call, **fields) -> None:
    Call.objects.filter(pk=call.pk).update(lease_expires_at=clock.now() - timedelta(seconds=1), **fields)


def swept(call: Call) -> Call:
    sweep()
    call.refresh_from_db()
    return call


def placed(carrier, persona: str, **fields) -> Call:
    """A call to such a person of which no webhook reaches us: our public address leads nowhere."""
    contact = make_contact()
    carrier.pin(contact.primary_number.e164, persona)
    call = make_call(membership=make_call_membership(contact), **fields)
    place_call(call_id=call.pk)
    call.refresh_from_db()
    return call


def make_call_membership(contact):
    from tests.factories import make_membership

    return make_membership(campaign=make_campaign(), contact=contact, status=ContactStatus.IN_CALL, attempts=1)


def wait_for_end(carrier, call: Call) -> None:
    ends = ("completed", "busy", "no-answer", "failed", "canceled")
    wait_until(lambda: any(row["to"] == call.to_number and row["status"] in ends for row in carrier.calls()))


def test_an_end_that_nobody_reported_is_learnt_by_asking(carrier):
    call = placed(carrier, "always-busy")
    wait_for_end(carrier, call)
    expire(call)
    assert swept(call).status == CallStatus.BUSY
    call.membership.refresh_from_db()
    assert call.membership.status == ContactStatus.PENDING


def test_a_call_whose_id_was_lost_is_found_by_number_and_time(carrier):
    call = placed(carrier, "always-busy")
    wait_for_end(carrier, call)
    sid = call.carrier_sid
    expire(call, carrier_sid=None)
    assert (swept(call).status, call.carrier_sid) == (CallStatus.BUSY, sid)


def test_a_call_that_the_carrier_never_saw_fails_and_counts_as_the_attempt(carrier):
    call = make_call(status=CallStatus.DIALING, placed_at=clock.now() - timedelta(minutes=2))
    expire(call)
    assert (swept(call).status, call.end_reason) == (CallStatus.FAILED, "unknown_to_carrier")
    call.membership.refresh_from_db()
    assert (call.membership.status, call.membership.attempts) == (ContactStatus.PENDING, 1)
    assert call.to_number not in [entry["to"] for entry in carrier.dial_log()]


def test_a_call_just_asked_for_is_given_time_to_appear(carrier):
    call = make_call(status=CallStatus.DIALING, placed_at=clock.now())
    expire(call)
    assert swept(call).status == CallStatus.DIALING
    assert call.lease_expires_at > clock.now()


def test_another_attempts_call_to_the_number_is_not_taken_for_this_one(carrier):
    first = placed(carrier, "always-busy")
    wait_for_end(carrier, first)
    expire(first)
    swept(first)
    second = make_call(
        campaign=first.campaign,
        membership=first.membership,
        attempt_number=2,
        status=CallStatus.DIALING,
        placed_at=clock.now() - timedelta(minutes=2),
    )
    expire(second)
    assert swept(second).end_reason == "unknown_to_carrier"


def test_a_carrier_that_cannot_be_asked_settles_nothing(carrier):
    call = placed(carrier, "always-busy")
    carrier.set_faults(calls_api_status=503)
    expire(call)
    assert swept(call).status not in TERMINAL
    assert call.lease_expires_at > clock.now()


def test_what_has_ended_here_is_hung_up_there(unhurried_carrier):
    call = placed(unhurried_carrier, "no-answer")
    wait_until(lambda: telephony().fetch_call(call.carrier_sid).status != CallStatus.DIALING)
    Call.objects.filter(pk=call.pk).update(status=CallStatus.FAILED, ended_at=clock.now() - timedelta(minutes=1))
    sweep()
    assert unhurried_carrier.who_ended(call.carrier_sid) == "rest"


def test_a_call_beyond_its_longest_life_is_hung_up(unhurried_carrier):
    call = placed(unhurried_carrier, "no-answer")
    expire(call, placed_at=clock.now() - timedelta(hours=1))
    sweep()
    assert unhurried_carrier.who_ended(call.carrier_sid) == "rest"


class EndsNothing(TwilioTelephony):
    """A carrier that lists its calls as live and fails whenever one is to be ended."""

    def fetch_call(self, carrier_sid):
        return CarrierCall(carrier_sid, "", CallStatus.IN_PROGRESS)

    def live_calls(self):
        return iter(self.fetch_call(sid) for sid in ("CA-stray-1", "CA-stray-2"))

    def end_call(self, carrier_sid):
        ENDED.append(carrier_sid)
        raise ProviderError("no", permanent=False)


ENDED: list[str] = []


@pytest.fixture
def _ends_nothing(settings):
    settings.TELEPHONY_PROVIDER = f"{__name__}.EndsNothing"
    telephony.cache_clear()
    ENDED.clear()
    yield
    telephony.cache_clear()


@pytest.mark.usefixtures("_ends_nothing")
def test_a_call_that_the_carrier_cannot_end_keeps_no_other_from_being_looked_at():
    long_ago = clock.now() - timedelta(hours=3)
    for number in (1, 2):
        call = make_call(status=CallStatus.IN_PROGRESS, carrier_sid=f"CA-{number}")
        expire(call, placed_at=long_ago)
        make_call(status=CallStatus.COMPLETED, ended_at=long_ago, carrier_sid=f"CA-stray-{number}")
    sweep()
    assert sorted(ENDED) == ["CA-1", "CA-2", "CA-stray-1", "CA-stray-2"]
    assert not Call.objects.lease_expired(clock.now()).exists()


class Garbled(EndsNothing):
    """A carrier whose record of one call cannot be read, and which answers for the other."""

    def fetch_call(self, carrier_sid):
        if carrier_sid == "CA-1":
            raise ValueError("no JSON: a page of the proxy in between")
        return CarrierCall(carrier_sid, "", CallStatus.BUSY)

    def live_calls(self):
        return iter(())


@pytest.fixture
def _garbled(settings):
    settings.TELEPHONY_PROVIDER = f"{__name__}.Garbled"
    telephony.cache_clear()
    yield
    telephony.cache_clear()


@pytest.mark.usefixtures("_garbled")
def test_a_record_that_cannot_be_read_keeps_no_other_call_from_being_settled():
    garbled, other = (make_call(status=CallStatus.RINGING, carrier_sid=f"CA-{number}") for number in (1, 2))
    expire(garbled)
    expire(other)
    assert swept(other).status == CallStatus.BUSY
    garbled.refresh_from_db()
    assert garbled.status == CallStatus.RINGING
    assert garbled.lease_expires_at > clock.now()


@pytest.mark.usefixtures("_garbled")
def test_a_sweep_ends_in_time_and_the_next_one_goes_on_where_it_ended():
    calls = [make_call(status=CallStatus.RINGING, carrier_sid=f"CA-{number}") for number in (2, 3)]
    for call in calls:
        expire(call)
    assert sweeping.sweep(time_limit=timedelta()) == 1
    assert sweeping.sweep(time_limit=timedelta()) == 1
    assert not Call.objects.in_flight().exists()

import socket
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from callcenter import clock
from calls.dialer import tick
from calls.models import Call, CallStatus
from calls.services import place_call
from campaigns.models import CampaignStatus, ContactStatus, PassOverReason
from campaigns.services import pause_campaign
from contacts.services import add_to_dnc
from tests.factories import make_call, make_campaign, make_membership

pytestmark = pytest.mark.django_db(transaction=True)
SUNDAY = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def placed(call: Call) -> Call:
    place_call(call_id=call.pk)
    call.refresh_from_db()
    return call


def dialled_numbers(carrier) -> list[str]:
    return [entry["to"] for entry in carrier.dial_log()]


def test_a_placed_call_is_known_to_the_carrier_by_the_id_that_we_store(carrier):
    call = placed(make_call())
    assert call.status == CallStatus.DIALING
    assert [entry["sid"] for entry in carrier.dial_log() if entry["to"] == call.to_number] == [call.carrier_sid]


def test_the_evidence_of_the_rules_is_kept_with_the_call(carrier):
    evidence = placed(make_call()).evidence
    assert evidence["basis"] == "consent"
    assert evidence["zones"] == ["Europe/Madrid"]
    assert (evidence["attempt"], evidence["attempts_allowed"], evidence["dnc_checked"]) == (1, 3, True)


def test_the_law_that_a_commercial_call_had_to_keep_is_kept_with_it(carrier):
    with time_machine.travel(SUNDAY + timedelta(days=1), tick=True):
        call = placed(make_call(campaign=make_campaign(kind="commercial")))
    assert call.status == CallStatus.DIALING
    assert call.evidence["commercial_hours"] == "RDLeg 1/2007, art. 96.2"


def test_a_commercial_call_to_spain_is_not_placed_on_a_sunday(carrier):
    with time_machine.travel(SUNDAY, tick=True):
        call = placed(make_call(campaign=make_campaign(kind="commercial")))
    assert call.end_reason == PassOverReason.OUTSIDE_WINDOW
    assert call.to_number not in dialled_numbers(carrier)


def test_placing_twice_dials_once(carrier, at_once):
    call = make_call()
    at_once(*[lambda: place_call(call_id=call.pk)] * 4)
    assert dialled_numbers(carrier).count(call.to_number) == 1


def test_a_number_that_came_onto_the_do_not_call_list_meanwhile_is_not_dialled(carrier):
    call = make_call()
    add_to_dnc(e164=call.to_number, reason="asked", source="test")
    placed(call)
    assert (call.status, call.end_reason) == (CallStatus.CANCELED, PassOverReason.ON_DNC_LIST)
    assert call.to_number not in dialled_numbers(carrier)


def test_pausing_stops_queued_calls_and_gives_their_attempt_back(carrier):
    call = make_call()
    pause_campaign(campaign=call.campaign)
    placed(call)
    call.membership.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.CANCELED, PassOverReason.CAMPAIGN_NOT_RUNNING)
    assert (call.membership.status, call.membership.attempts) == (ContactStatus.PENDING, 0)


def test_after_a_pause_the_contact_is_queued_again(carrier):
    campaign = make_campaign()
    make_membership(campaign=campaign)
    tick(clock.now())
    pause_campaign(campaign=campaign)
    placed(Call.objects.get())
    campaign.status = CampaignStatus.RUNNING
    campaign.save()
    tick(clock.now())
    assert Call.objects.filter(status=CallStatus.QUEUED).count() == 1


def test_a_window_that_has_closed_meanwhile_stops_the_call(carrier):
    weekdays = {str(day): [["10:00", "20:00"]] for day in range(5)}
    with time_machine.travel(SUNDAY, tick=True):
        call = placed(make_call(campaign=make_campaign(rules={"windows": weekdays})))
    assert call.end_reason == PassOverReason.OUTSIDE_WINDOW
    assert call.to_number not in dialled_numbers(carrier)


def test_a_lowered_limit_holds_back_what_waits(carrier):
    campaign = make_campaign(rules={"max_concurrent_calls": 1})
    make_call(campaign=campaign, status=CallStatus.IN_PROGRESS)
    assert placed(make_call(campaign=campaign)).end_reason == PassOverReason.NO_CAPACITY


def test_a_practice_campaign_dials_the_practice_network(carrier):
    call = placed(make_call(campaign=make_campaign(required_basis="practice")))
    assert call.status == CallStatus.DIALING


def test_a_practice_campaign_never_dials_elsewhere(carrier, settings):
    settings.TWILIO_BASE_URL = "http://127.0.0.1:1"
    call = placed(make_call(campaign=make_campaign(required_basis="practice")))
    assert (call.status, call.end_reason) == (CallStatus.CANCELED, "practice_only")


def test_a_call_that_is_too_late_for_its_slot_takes_the_next_one(carrier):
    call = placed(make_call(place_at=clock.now() - timedelta(seconds=20)))
    assert call.status == CallStatus.DIALING
    assert abs(call.placed_at - call.place_at) < timedelta(milliseconds=250)


def test_a_call_whose_time_is_far_off_is_left_to_its_lease(carrier):
    call = placed(make_call(place_at=clock.now() + timedelta(seconds=30)))
    assert call.status == CallStatus.QUEUED


def test_a_number_that_the_carrier_calls_invalid_is_given_up(carrier):
    call = make_call()
    carrier.set_faults(fail_calls_with={call.to_number: 21211})
    placed(call)
    call.membership.refresh_from_db()
    assert (call.status, call.error_code) == (CallStatus.FAILED, "21211")
    assert call.membership.status == ContactStatus.FAILED


def test_when_the_carrier_is_busy_the_attempt_is_given_back_and_tried_later(carrier):
    call = make_call()
    carrier.set_faults(fail_calls_with={call.to_number: 20429})
    placed(call)
    call.membership.refresh_from_db()
    assert (call.status, call.error_code) == (CallStatus.CANCELED, "20429")
    assert (call.membership.status, call.membership.attempts) == (ContactStatus.PENDING, 0)
    assert call.membership.next_attempt_at > clock.now() + timedelta(seconds=3)


def test_bad_credentials_pause_the_campaign_and_say_why(carrier):
    call = make_call()
    carrier.set_faults(fail_calls_with={call.to_number: 20003})
    placed(call)
    call.campaign.refresh_from_db()
    call.membership.refresh_from_db()
    assert call.campaign.status == CampaignStatus.PAUSED
    assert call.campaign.status_details == {"code": "20003"}
    assert "credentials" in call.campaign.status_words
    with translation.override("es"):
        assert "credenciales" in call.campaign.status_words
    assert (call.membership.status, call.membership.attempts) == (ContactStatus.PENDING, 0)


def test_an_unclear_answer_is_never_followed_by_a_second_try(carrier):
    carrier.set_faults(calls_api_status=500)
    call = placed(make_call())
    assert place_call(call_id=call.pk) is False
    assert call.status == CallStatus.DIALING
    assert call.events.filter(kind="outcome_unknown").exists()


def test_a_carrier_that_cannot_be_reached_costs_no_attempt(carrier, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.TWILIO_BASE_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
    call = placed(make_call())
    call.membership.refresh_from_db()
    assert (call.status, call.error_code) == (CallStatus.CANCELED, "unreachable")
    assert call.membership.attempts == 0

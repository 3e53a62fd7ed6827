"""SAF-1 is broken in each way, and the judge sees it without believing the dialer."""

from datetime import timedelta

import pytest

from accounts import audit
from callcenter import clock
from calls.judge import Case, judge_dialing
from calls.models import Call, CallStatus
from calls.providers.base import CarrierCall
from campaigns.models import CallingRules, CampaignStatus, CampaignStatusChange
from contacts.models import Contact, ContactNumber
from tests.calls.dialing.judging import (
    EVERY_DAY,
    EVIDENCE,
    FRIDAY_NOON,
    IMMACULATE_CONCEPTION,
    SATURDAY,
    broken,
    held_call,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("at", "what"), [(SATURDAY, "outside_window"), (IMMACULATE_CONCEPTION, "public_holiday")])
def test_saf_1_sees_a_call_outside_its_hours(at, what):
    call = held_call(at)
    assert broken("SAF-1") == {str(call.pk): {what}}


def test_saf_1_sees_a_call_while_the_campaign_was_paused():
    call = held_call()
    change = {"campaign": call.campaign, "from_status": CampaignStatus.RUNNING, "to_status": CampaignStatus.PAUSED}
    CampaignStatusChange.objects.create(**change, at=FRIDAY_NOON - timedelta(minutes=1))
    assert broken("SAF-1") == {str(call.pk): {"campaign_not_running"}}


def test_saf_1_sees_a_call_without_evidence():
    call = held_call()
    Call.objects.filter(pk=call.pk).update(evidence={})
    assert broken("SAF-1") == {str(call.pk): {"no_evidence"}}


@pytest.mark.parametrize(
    ("untrue", "what"),
    [
        ({"windows": EVERY_DAY}, "outside_window"),
        ({"is_always_open": True, "basis": "practice"}, "outside_window"),
        ({"zones": ["Pacific/Honolulu"]}, "outside_window"),
    ],
)
def test_saf_1_does_not_believe_a_dialer_that_notes_other_rules_than_were_in_force(untrue, what):
    call = held_call(SATURDAY)
    Call.objects.filter(pk=call.pk).update(evidence=EVIDENCE | untrue)
    assert broken("SAF-1") == {str(call.pk): {what, "evidence_differs_from_records"}}


def test_saf_1_sees_a_holiday_that_the_dialer_did_not_note():
    call = held_call(IMMACULATE_CONCEPTION)
    Call.objects.filter(pk=call.pk).update(evidence=EVIDENCE | {"observes_holidays": False})
    assert broken("SAF-1") == {str(call.pk): {"public_holiday", "evidence_differs_from_records"}}


def test_saf_1_knows_every_zone_in_which_the_phone_may_ring():
    call = held_call()
    ContactNumber.objects.update(time_zones=["Europe/Madrid", "America/Mexico_City"])
    assert broken("SAF-1") == {str(call.pk): {"outside_window", "evidence_differs_from_records"}}


def test_saf_1_judges_by_the_evidence_where_campaign_or_contact_were_edited_since_and_says_so():
    call, campaigns_call, untouched = held_call(), held_call(), held_call()
    audit.record(action="campaign_changed", subject=campaigns_call.campaign)
    for edited in (call, campaigns_call):
        CallingRules.objects.filter(campaign=edited.campaign).update(windows={"0": [["09:00", "09:30"]]})
    Contact.objects.filter(pk=untouched.contact_id).update(time_zone="Asia/Tokyo", updated_at=clock.now())
    [finding] = [found for found in judge_dialing(Case(now=clock.now())) if found.rule == "SAF-1"]
    assert {violation.subject for violation in finding.violations} == {str(call.pk)}
    assert finding.remark.startswith("2 judged by the evidence of the call")


def test_saf_1_sees_a_call_that_the_carrier_made_at_another_time():
    call = held_call(carrier_sid="CA1")
    case = Case(now=clock.now(), asks_carrier=True)
    at = FRIDAY_NOON + timedelta(hours=10)
    case.at_carrier = {"CA1": CarrierCall("CA1", call.to_number, CallStatus.COMPLETED, created_at=at)}
    said = {(found.subject, found.what) for finding in judge_dialing(case) for found in finding.violations}
    assert said == {(str(call.pk), "carrier_tells_another_time")}


def test_saf_1_sees_an_always_open_campaign_that_was_no_practice():
    call = held_call(SATURDAY, evidence={"is_always_open": True})
    assert broken("SAF-1") == {str(call.pk): {"always_open_without_practice"}}


def test_saf_1_needs_no_evidence_of_a_contact_that_was_loaded_a_moment_before_its_call():
    held_call()
    just_now = FRIDAY_NOON - timedelta(seconds=1)
    Contact.objects.update(created_at=just_now, updated_at=just_now)
    [finding] = [found for found in judge_dialing(Case(now=clock.now())) if found.rule == "SAF-1"]
    assert (finding.violations, finding.remark) == ([], "")

"""Each safety rule is broken once, and the judge sees it."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from accounts import audit
from callcenter import clock
from calls.dialer import tick
from calls.jobs import sweep
from calls.judge import Case, judge_dialing
from calls.judge.limits import most_starts
from calls.models import TERMINAL, Call, CallStatus
from calls.providers.base import CarrierCall
from calls.services import place_call
from campaigns.models import ContactStatus, Disposition
from contacts.models import DoNotCallEntry
from contacts.number_hash import number_hash
from contacts.services import add_to_dnc, remove_from_dnc
from tests.calls.dialing.judging import EVERY_DAY, FRIDAY_NOON, PRACTICE, SATURDAY, broken, held_call
from tests.calls.webhooks import post_webhook
from tests.factories import make_call, make_campaign, make_contact, make_membership
from tests.simulator.server import wait_until

pytestmark = pytest.mark.django_db


def test_clean_records_break_no_rule():
    held_call()
    held_call(FRIDAY_NOON + timedelta(seconds=1))
    findings = judge_dialing(Case(now=clock.now()))
    assert [finding.rule for finding in findings] == ["SAF-1", "SAF-2", "SAF-3", "SAF-4", "SAF-5", "SAF-7"]
    assert not any(finding.violations for finding in findings)


def test_saf_2_sees_a_call_to_a_number_on_the_do_not_call_list():
    call = held_call()
    add_to_dnc(e164=call.to_number, reason="asked", source="test")
    assert broken("SAF-2") == {}
    DoNotCallEntry.objects.update(created_at=FRIDAY_NOON - timedelta(minutes=1))
    assert broken("SAF-2") == {str(call.pk): {"on_dnc_list"}}


def test_saf_2_knows_a_number_that_was_entered_with_an_earlier_key(settings):
    call = held_call()
    add_to_dnc(e164=call.to_number, reason="asked", source="test")
    DoNotCallEntry.objects.update(created_at=FRIDAY_NOON - timedelta(minutes=1))
    settings.NUMBER_HASH_PREVIOUS_KEYS = [settings.NUMBER_HASH_KEY]
    settings.NUMBER_HASH_KEY = "another key that is long enough to be one"
    Call.objects.update(number_hash=number_hash(call.to_number))
    assert broken("SAF-2") == {str(call.pk): {"on_dnc_list"}}


def test_saf_2_allows_a_call_after_the_entry_has_expired():
    call = held_call()
    add_to_dnc(e164=call.to_number, reason="asked", source="test", expires_at=FRIDAY_NOON - timedelta(minutes=1))
    DoNotCallEntry.objects.update(created_at=FRIDAY_NOON - timedelta(days=30))
    assert broken("SAF-2") == {}


def test_saf_2_sees_a_call_while_a_number_was_on_the_list_from_which_it_was_removed_since():
    call = held_call()
    entry = add_to_dnc(e164=call.to_number, reason="asked", source="test")
    entry.created_at = FRIDAY_NOON - timedelta(days=1)
    remove_from_dnc(entry=entry, reason="asked to be called again", user=None)
    assert broken("SAF-2") == {str(call.pk): {"was_on_dnc_list"}}


def test_saf_2_sees_a_call_after_an_opt_out_that_never_reached_the_list():
    asked = held_call(disposition=Disposition.DO_NOT_CALL)
    again = held_call(
        FRIDAY_NOON + timedelta(hours=1), campaign=asked.campaign, membership=asked.membership, attempt_number=2
    )
    assert broken("SAF-2") == {str(again.pk): {"after_opt_out"}}


def test_saf_2_lets_a_number_be_called_that_was_removed_after_its_opt_out_and_says_what_it_cannot_see():
    asked = held_call(disposition=Disposition.DO_NOT_CALL)
    entry = add_to_dnc(e164=asked.to_number, reason="asked", source="test")
    with time_machine.travel(FRIDAY_NOON + timedelta(minutes=30)):
        audit.record(action="remove_from_dnc", subject=entry, reason="asked to be called again")
    entry.delete()
    held_call(FRIDAY_NOON + timedelta(hours=1), campaign=asked.campaign, membership=asked.membership, attempt_number=2)
    [finding] = [found for found in judge_dialing(Case(now=clock.now())) if found.rule == "SAF-2"]
    assert finding.violations == []
    assert finding.remark.startswith("1 removed from the list cannot be judged")


def test_saf_3_sees_a_number_in_two_calls_at_once():
    contact = make_contact()
    for seconds in (0, 30):
        membership = make_membership(campaign=make_campaign(), contact=contact, status=ContactStatus.DONE)
        call = held_call(FRIDAY_NOON + timedelta(seconds=seconds), membership=membership)
    assert broken("SAF-3") == {str(call.pk): {"number_in_two_calls"}}


def test_saf_3_sees_an_attempt_placed_twice_even_where_the_database_lets_it_pass():
    membership = make_membership(campaign=make_campaign(), status=ContactStatus.DONE)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE calls_call DROP CONSTRAINT one_call_an_attempt")
    calls = [
        held_call(FRIDAY_NOON + timedelta(minutes=minutes), campaign=membership.campaign, membership=membership)
        for minutes in (0, 10)
    ]
    assert broken("SAF-3") == {str(calls[1].pk): {"attempt_made_twice"}}


def test_saf_3_lets_an_attempt_that_was_given_back_be_made_again():
    membership = make_membership(campaign=make_campaign(), status=ContactStatus.DONE)
    same = {"campaign": membership.campaign, "membership": membership}
    held_call(**same, status=CallStatus.CANCELED, placed_at=None, attempt_number=1)
    held_call(FRIDAY_NOON + timedelta(minutes=10), **same, attempt_number=2)
    assert broken("SAF-3") == {}


def test_saf_3_sees_an_attempt_that_was_given_back_although_the_carrier_made_the_call():
    call = held_call(status=CallStatus.CANCELED, placed_at=None, carrier_sid="CA1")
    assert broken("SAF-3") == {str(call.pk): {"given_back_though_placed"}}


def test_saf_3_sees_a_call_that_the_carrier_reports_under_two_ids(client):
    call = held_call(carrier_sid="CA1")
    for sid in ("CA1", "CA2"):
        post_webhook(client, call, "status", {"CallStatus": "completed", "CallSid": sid})
    assert broken("SAF-3") == {str(call.pk): {"two_carrier_ids"}}


def test_saf_3_sees_two_calls_at_the_carrier_for_one_of_ours():
    call = held_call(carrier_sid="CA1")
    case = Case(now=clock.now(), asks_carrier=True)
    case.at_carrier = {
        sid: CarrierCall(sid, call.to_number, CallStatus.COMPLETED, created_at=call.placed_at, ended_at=call.ended_at)
        for sid in ("CA1", "CA2")
    }
    said = {(found.subject, found.what) for finding in judge_dialing(case) for found in finding.violations}
    assert said == {(str(call.pk), "two_calls_at_carrier"), ("CA2", "unknown_here")}


def test_saf_4_sees_one_attempt_too_many():
    campaign = make_campaign()
    membership = make_membership(campaign=campaign, status=ContactStatus.DONE)
    days = [FRIDAY_NOON - timedelta(days=days) for days in (4, 3, 2, 1)]
    evidence = {"windows": EVERY_DAY}
    calls = [
        held_call(at, campaign=campaign, membership=membership, attempt_number=number, evidence=evidence)
        for number, at in enumerate(days, start=1)
    ]
    assert broken("SAF-4") == {str(calls[3].pk): {"attempts"}}


def test_saf_4_sees_a_number_called_too_often_a_day():
    contact = make_contact()
    for minutes in (0, 10):
        membership = make_membership(campaign=make_campaign(), contact=contact, status=ContactStatus.DONE)
        at = FRIDAY_NOON + timedelta(minutes=minutes)
        call = held_call(at, membership=membership, evidence={"recent_calls_allowed": 1})
    assert broken("SAF-4") == {str(call.pk): {"frequency"}}


@pytest.mark.parametrize("limit", ["calls_at_once", "calls_at_once_account"])
def test_saf_4_sees_too_many_calls_at_once(limit):
    campaign = make_campaign()
    calls = [
        held_call(FRIDAY_NOON + timedelta(seconds=5 * position), campaign=campaign, evidence={limit: 2})
        for position in range(3)
    ]
    assert broken("SAF-4") == {str(calls[2].pk): {limit}}


@pytest.mark.parametrize("limit", ["starts_per_second", "starts_per_second_account"])
def test_saf_4_sees_calls_started_too_fast(limit):
    campaign = make_campaign()
    evidence = {"starts_per_second": 9.0, limit: 2.0}
    calls = [
        held_call(FRIDAY_NOON + timedelta(milliseconds=300 * position), campaign=campaign, evidence=evidence)
        for position in range(4)
    ]
    assert most_starts(2.0) == 3
    assert broken("SAF-4") == {str(calls[3].pk): {limit}}


def test_saf_5_sees_a_call_that_never_ended():
    call = held_call(status=CallStatus.IN_PROGRESS, ended_at=None)
    assert broken("SAF-5") == {str(call.pk): {"lasted_too_long"}}


def test_saf_5_sees_an_end_without_its_time():
    call = held_call(
        clock.now() - timedelta(minutes=5), ended_at=None, evidence={"is_always_open": True, "basis": "practice"}
    )
    assert broken("SAF-5") == {str(call.pk): {"end_without_time"}}


def test_saf_5_sees_a_queued_call_that_nobody_places():
    call = make_call(place_at=clock.now() - timedelta(hours=1))
    assert broken("SAF-5") == {str(call.pk): {"lasted_too_long"}}


@pytest.mark.parametrize(
    ("here", "there", "what"),
    [
        (CallStatus.COMPLETED, CallStatus.IN_PROGRESS, "closed_here_open_there"),
        (CallStatus.IN_PROGRESS, CallStatus.COMPLETED, "open_here_closed_there"),
    ],
)
def test_saf_5_sees_a_call_that_is_open_on_one_side_only(here, there, what):
    began, ended = clock.now() - timedelta(minutes=6), clock.now() - timedelta(minutes=5)
    call = held_call(began, evidence=PRACTICE, status=here, ended_at=ended if here in TERMINAL else None)
    Call.objects.filter(pk=call.pk).update(carrier_sid="CA1")
    case = Case(now=clock.now(), asks_carrier=True)
    case.at_carrier = {"CA1": CarrierCall("CA1", call.to_number, there, ended_at=ended)}
    assert [found.what for finding in judge_dialing(case) for found in finding.violations] == [what]


@pytest.mark.parametrize(
    ("status", "reason", "what"),
    [
        ("running", "", "no_reason"),
        ("running", "not_yet_due", "due_long_ago"),
        ("running", "campaign_not_running", "campaign_runs_again"),
        ("paused", "no_capacity", "campaign_has_stopped"),
    ],
)
def test_saf_7_sees_a_reason_that_is_missing_or_out_of_date(status, reason, what):
    overdue = clock.now() - timedelta(minutes=10)
    membership = make_membership(campaign=make_campaign(status=status), reason=reason, next_attempt_at=overdue)
    assert broken("SAF-7") == {str(membership.pk): {what}}


@pytest.mark.django_db(transaction=True)
def test_real_calls_agree_with_the_carriers_list(carrier):
    membership = make_membership(campaign=make_campaign())
    carrier.pin(membership.contact.primary_number.e164, "always-busy")
    tick(clock.now())
    call = Call.objects.get()
    place_call(call_id=call.pk)
    wait_until(lambda: any(row["to"] == call.to_number and row["status"] == "busy" for row in carrier.calls()))
    Call.objects.update(lease_expires_at=clock.now())
    sweep()
    said = judge_dialing(Case(now=clock.now(), asks_carrier=True))
    ours = {str(call.pk), call.carrier_sid}
    assert not [found for finding in said for found in finding.violations if found.subject in ours]


@pytest.mark.django_db(transaction=True)
def test_with_the_carriers_list_a_call_unknown_here_or_there_is_seen(carrier):
    here = held_call(clock.now() - timedelta(seconds=30), carrier_sid="CA-nowhere", seconds=5)
    there = make_call()
    place_call(call_id=there.pk)
    there.refresh_from_db()
    sid = there.carrier_sid
    Call.objects.filter(pk=there.pk).update(carrier_sid=None)
    found = {
        (violation.subject, violation.what)
        for finding in judge_dialing(Case(now=clock.now(), asks_carrier=True))
        for violation in finding.violations
    }
    assert {(str(here.pk), "unknown_at_carrier"), (sid, "unknown_here")} <= found


def test_the_command_succeeds_on_clean_records_and_fails_on_others():
    held_call()
    printed = StringIO()
    call_command("judge_dialing", "--json", stdout=printed)
    assert json.loads(printed.getvalue().splitlines()[-1])["violations"] == 0
    call = held_call(SATURDAY)
    printed = StringIO()
    with pytest.raises(SystemExit) as exited:
        call_command("judge_dialing", "--json", stdout=printed)
    assert exited.value.code == 1
    told = json.loads(printed.getvalue().splitlines()[-1])
    assert told["rules"]["SAF-1"]["violations"] == [{"subject": str(call.pk), "what": "outside_window"}]

"""The keyed hash of the do-not-call list: keys may be changed, and a wrong one stops dialing."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings as django_settings

from callcenter import clock
from calls.dialer import tick
from calls.end_reasons import EndReason
from calls.facts import candidates_of
from calls.judge import Case, do_not_call
from calls.models import Call, CallStatus
from calls.services.placing import place_call
from campaigns.pause_reasons import PauseReason
from campaigns.services import CampaignRefused, start_campaign
from contacts.checks import check_number_keys
from contacts.models import DoNotCallEntry, NumberHashKey
from contacts.number_hash import number_hash
from contacts.services import add_to_dnc, blocked_numbers, is_dnc_list_readable, is_on_dnc
from tests.factories import make_call, make_campaign, make_contact, make_membership

NUMBER, OTHER = "+34600111222", "+34600111223"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_key(settings):
    settings.NUMBER_HASH_KEY = "first key of the list, long enough to pass"


def change_key(settings, *, previous=()):
    settings.NUMBER_HASH_KEY = "second key of the list, long enough to pass"
    settings.NUMBER_HASH_PREVIOUS_KEYS = list(previous)


def waiting_campaign(**fields):
    campaign = make_campaign(**fields)
    make_membership(campaign=campaign)
    return campaign


def block(e164=NUMBER):
    return add_to_dnc(e164=e164, reason="asked on the phone", source="call")


def test_another_secret_key_leaves_the_list_readable(settings):
    block()
    settings.SECRET_KEY = "another" * 10
    assert is_on_dnc(e164=NUMBER, now=clock.now())
    assert is_dnc_list_readable()


def test_an_empty_list_is_readable_with_any_key(settings):
    change_key(settings)
    assert is_dnc_list_readable()


def test_a_list_is_unreadable_without_the_key_it_was_written_with(settings):
    block()
    change_key(settings)
    assert not is_dnc_list_readable()


def test_with_its_previous_key_a_list_stays_readable(settings):
    old = settings.NUMBER_HASH_KEY
    block()
    change_key(settings, previous=[old])
    assert is_dnc_list_readable()
    assert is_on_dnc(e164=NUMBER, now=clock.now())
    assert blocked_numbers(numbers=[NUMBER, OTHER], now=clock.now()) == {NUMBER}


def test_a_number_of_a_previous_key_is_not_entered_twice(settings):
    old = settings.NUMBER_HASH_KEY
    entry = block()
    change_key(settings, previous=[old])
    assert block() == entry


def test_an_opt_out_under_a_wrong_key_is_kept_and_asks_for_that_key_as_well(settings):
    right = settings.NUMBER_HASH_KEY
    block()
    change_key(settings)
    wrong = settings.NUMBER_HASH_KEY
    block(OTHER)
    settings.NUMBER_HASH_KEY = right
    assert not is_dnc_list_readable()
    settings.NUMBER_HASH_PREVIOUS_KEYS = [wrong]
    assert blocked_numbers(numbers=[NUMBER, OTHER], now=clock.now()) == {NUMBER, OTHER}


def test_the_database_keeps_no_key():
    block()
    (kept,) = NumberHashKey.objects.values_list("fingerprint", flat=True)
    assert django_settings.NUMBER_HASH_KEY not in kept
    assert kept != number_hash("")


@pytest.mark.parametrize("is_empty", [True, False])
def test_entries_of_the_versions_before_demand_the_secret_key_they_were_hashed_with(settings, is_empty):
    if not is_empty:
        block()
    NumberHashKey.objects.all().delete()
    migration = import_module("contacts.migrations.0004_number_hash_key")
    migration.remember_the_key_of_old_entries(apps, None)
    assert is_dnc_list_readable() is is_empty
    settings.NUMBER_HASH_PREVIOUS_KEYS = [settings.SECRET_KEY]
    assert is_dnc_list_readable()


def test_the_check_of_the_database_says_which_setting_to_mend(settings):
    block()
    assert check_number_keys(databases=["default"]) == []
    change_key(settings)
    (found,) = check_number_keys(databases=["default"])
    assert found.id == "contacts.E001"
    assert "NUMBER_HASH_PREVIOUS_KEYS" in found.hint
    assert check_number_keys(databases=None) == []


def test_a_campaign_does_not_start_while_the_list_is_unreadable(settings, admin):
    campaign = waiting_campaign(status="draft")
    block()
    change_key(settings)
    with pytest.raises(CampaignRefused, match="do-not-call list"):
        start_campaign(campaign=campaign, user=admin)


def test_a_running_campaign_is_paused_with_the_reason_while_the_list_is_unreadable(settings):
    campaign = waiting_campaign()
    block()
    change_key(settings)
    assert tick(clock.now()).paused == 1
    campaign.refresh_from_db()
    assert (campaign.status, campaign.status_reason) == ("paused", PauseReason.DNC_LIST_UNREADABLE)
    assert not Call.objects.exists()


def test_a_queued_call_is_handed_back_while_the_list_is_unreadable(settings):
    call = make_call(status=CallStatus.QUEUED, place_at=clock.now())
    block(OTHER)
    change_key(settings)
    assert not place_call(call_id=call.pk)
    call.refresh_from_db()
    assert (call.status, call.end_reason) == (CallStatus.CANCELED, EndReason.DNC_LIST_UNREADABLE)


def test_a_call_under_a_new_key_is_judged_by_an_entry_under_an_older_one(settings):
    old = settings.NUMBER_HASH_KEY
    block()
    DoNotCallEntry.objects.update(created_at=clock.now() - timedelta(hours=1), e164="")
    change_key(settings, previous=[old])
    membership = make_membership(campaign=make_campaign(), contact=make_contact(e164=NUMBER))
    call = make_call(membership=membership, status=CallStatus.COMPLETED, placed_at=clock.now(), ended_at=clock.now())
    assert [found.subject for found in do_not_call.judge(Case(now=clock.now())).violations] == [str(call.pk)]


def test_the_cap_on_calls_to_one_number_counts_over_a_change_of_key(settings):
    old = settings.NUMBER_HASH_KEY
    call = make_call(status=CallStatus.COMPLETED, placed_at=clock.now() - timedelta(hours=1))
    change_key(settings, previous=[old])
    [candidate] = candidates_of([call.membership], now=clock.now())
    assert candidate.facts.recent_calls == 1
    assert DoNotCallEntry.objects.count() == 0

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import AuditEntry
from callcenter import clock
from campaigns.models import Campaign, CampaignContact, CampaignStatus, ContactStatus
from campaigns.services import (
    CampaignRefused,
    add_new_contacts,
    finish_campaign,
    pause_campaign,
    resume_campaign,
    start_campaign,
)
from contacts.models import ContactListMembership
from tests.factories import make_campaign, make_contact, make_list, make_membership

pytestmark = pytest.mark.django_db


LAWFUL_IN_SPAIN = {"windows": {str(day): [["09:00", "21:00"]] for day in range(5)}, "observes_holidays": True}


def make_draft(*contacts, **fields) -> Campaign:
    contact_list = make_list(*(contacts or [make_contact()]))
    return make_campaign(**{"status": "draft", "started_at": None, "lists": [contact_list]} | fields)


def refusal_of(campaign: Campaign) -> CampaignRefused:
    with pytest.raises(CampaignRefused) as refusal:
        start_campaign(campaign=campaign, user=None)
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.DRAFT
    assert not campaign.memberships.exists()
    assert not campaign.status_changes.exists()
    return refusal.value


def test_starting_takes_the_contacts_in_once_each_in_the_order_of_their_lists(alice):
    contacts = [make_contact() for _ in range(5)]
    campaign = make_draft(*contacts)
    campaign.lists.add(make_list(contacts[0], make_contact()))
    start_campaign(campaign=campaign, user=alice)
    enrolled = CampaignContact.objects.filter(campaign=campaign).order_by("id")
    assert [row.contact for row in enrolled][:5] == contacts
    assert enrolled.count() == 6
    assert {(row.status, row.attempts, row.id.version) for row in enrolled} == {("pending", 0, 7)}


def test_starting_is_written_down_for_the_judge_and_the_audit(alice):
    campaign = make_draft()
    start_campaign(campaign=campaign, user=alice)
    change = campaign.status_changes.get()
    assert (change.from_status, change.to_status, change.user) == ("draft", "running", alice)
    assert campaign.started_at is not None
    assert AuditEntry.objects.filter(action="campaign_running", subject_id=str(campaign.pk), user=alice).exists()


def test_all_contacts_are_due_at_the_moment_of_the_start():
    campaign = make_draft()
    with time_machine.travel(datetime(2026, 1, 12, 10, tzinfo=UTC), tick=False):
        start_campaign(campaign=campaign, user=None)
        assert CampaignContact.objects.due(clock.now()).count() == 1


def test_a_campaign_cannot_be_started_twice():
    campaign = make_draft()
    start_campaign(campaign=campaign, user=None)
    with pytest.raises(CampaignRefused, match="started already"):
        start_campaign(campaign=campaign, user=None)
    assert campaign.status_changes.count() == 1


def test_a_campaign_without_a_list_is_refused_at_its_lists():
    refusal = refusal_of(make_draft(lists=[]))
    assert (refusal.field, refusal.message) == ("lists", "Choose at least one contact list.")


def test_empty_lists_are_refused():
    assert refusal_of(make_draft(lists=[make_list()])).field == "lists"


def test_a_campaign_without_a_script_is_refused():
    campaign = make_draft()
    campaign.scripts.all().delete()
    assert refusal_of(campaign).field == "disclosure"


@pytest.mark.parametrize("field", ["disclosure", "opening", "purpose"])
def test_a_script_must_disclose_open_and_have_a_purpose(field):
    assert refusal_of(make_draft(script={field: " "})).field == field


def test_a_campaign_without_rules_is_refused():
    campaign = make_draft()
    campaign.rules.delete()
    assert refusal_of(Campaign.objects.get(pk=campaign.pk)).field == "windows_0"


def test_an_inverted_window_is_refused_at_its_weekday():
    refusal = refusal_of(make_draft(rules={"windows": {"2": [["20:00", "10:00"]]}}))
    assert refusal.field == "windows_2"
    assert "before it begins" in refusal.message


@pytest.mark.parametrize("number", ["", "910000000", "+34", "+34 910 000 000"])
def test_a_caller_number_must_be_in_international_form(number):
    assert refusal_of(make_draft(caller_number=number)).field == "caller_number"


@pytest.mark.parametrize(
    ("kind", "caller_number", "called", "is_refused"),
    [
        ("commercial", "+34600000001", "+34911234567", True),
        ("commercial", "+34711000001", "+34911234567", True),
        ("commercial", "+34910000000", "+34911234567", False),
        ("commercial", "+34600000001", "+525512345678", False),
        ("service", "+34600000001", "+34911234567", False),
    ],
)
def test_no_commercial_calls_to_spain_from_a_spanish_mobile(kind, caller_number, called, is_refused):
    campaign = make_draft(make_contact(e164=called), kind=kind, caller_number=caller_number, rules=LAWFUL_IN_SPAIN)
    if is_refused:
        assert refusal_of(campaign).field == "caller_number"
    else:
        assert start_campaign(campaign=campaign, user=None).status == CampaignStatus.RUNNING


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"windows": {"1": [["08:30", "20:00"]]}}, "windows_1"),
        ({"windows": {"0": [["10:00", "20:00"]], "4": [["16:00", "22:00"]]}}, "windows_4"),
        ({"windows": {"5": [["10:00", "14:00"]]}}, "windows_5"),
        ({"observes_holidays": False}, "observes_holidays"),
    ],
)
def test_commercial_calls_to_spain_keep_the_hours_of_the_law(rules, field):
    rules = LAWFUL_IN_SPAIN | rules
    refusal = refusal_of(make_draft(kind="commercial", rules=rules))
    assert refusal.field == field
    assert "RDLeg 1/2007" in refusal.message
    mexican = make_draft(make_contact(e164="+525512345678"), kind="commercial", rules=rules)
    assert start_campaign(campaign=mexican, user=None).status == CampaignStatus.RUNNING


def test_a_contact_in_an_unknown_time_zone_stops_the_start_and_the_zone_is_named():
    refusal = refusal_of(make_draft(make_contact(), make_contact(time_zone="Mars/Olympus")))
    assert "Mars/Olympus" in refusal.message


@pytest.mark.parametrize("basis", ["contract", "legitimate_interest", "legal_obligation"])
def test_an_automated_commercial_call_stands_on_consent_alone(basis):
    campaign = make_draft(kind="commercial", required_basis=basis)
    assert refusal_of(campaign).field == "required_basis"


def test_always_open_is_for_practice_only():
    assert refusal_of(make_draft(rules={"is_always_open": True})).field == "is_always_open"


def test_a_practice_campaign_is_refused_where_the_carrier_is_real(real_carrier):
    refusal = refusal_of(make_draft(required_basis="practice", rules={"is_always_open": True}))
    assert refusal.field == "required_basis"
    assert "practice phone network" in refusal.message


def test_a_practice_campaign_starts_on_the_practice_network_at_any_hour(practice_network):
    campaign = make_draft(required_basis="practice", rules={"is_always_open": True, "windows": {}})
    assert start_campaign(campaign=campaign, user=None).status == CampaignStatus.RUNNING


def test_pausing_keeps_its_reason_and_resuming_clears_it(alice):
    campaign = make_draft()
    start_campaign(campaign=campaign, user=alice)
    assert pause_campaign(campaign=campaign, reason="The carrier refuses our account.")
    assert (campaign.status, campaign.status_reason) == ("paused", "The carrier refuses our account.")
    resume_campaign(campaign=campaign, user=alice)
    assert (campaign.status, campaign.status_reason) == ("running", "")
    assert [change.to_status for change in campaign.status_changes.all()] == ["running", "paused", "running"]


def test_a_campaign_is_not_resumed_while_its_budget_is_spent(alice):
    campaign = make_draft(status="paused", budget_micros=1_000_000, spent_micros=1_000_000)
    with pytest.raises(CampaignRefused, match="budget") as refusal:
        resume_campaign(campaign=campaign, user=alice)
    assert refusal.value.field == "budget_micros"
    campaign.budget_micros = 2_000_000
    campaign.save()
    assert resume_campaign(campaign=campaign, user=alice).status == CampaignStatus.RUNNING


def test_pausing_what_does_not_run_changes_nothing():
    campaign = make_draft()
    assert not pause_campaign(campaign=campaign)
    assert not campaign.status_changes.exists()


def test_only_a_paused_campaign_is_resumed():
    with pytest.raises(CampaignRefused, match="Only a paused campaign"):
        resume_campaign(campaign=make_draft(), user=None)


def test_a_campaign_that_was_broken_while_paused_is_not_resumed():
    campaign = make_draft(status="paused")
    campaign.lists.clear()
    with pytest.raises(CampaignRefused, match="contact list"):
        resume_campaign(campaign=campaign, user=None)


@pytest.mark.parametrize(("status", "finishes"), [("pending", False), ("in_call", False), ("done", True)])
def test_a_campaign_finishes_when_nobody_is_left_to_call(status, finishes):
    campaign = make_campaign()
    make_membership(campaign=campaign, status=status)
    assert finish_campaign(campaign=campaign) is finishes
    assert (campaign.status == CampaignStatus.FINISHED) is finishes
    assert (campaign.finished_at is not None) is finishes


def test_new_contacts_enter_by_an_explicit_step(alice):
    campaign = make_draft()
    start_campaign(campaign=campaign, user=alice)
    ContactListMembership.objects.create(contact_list=campaign.lists.get(), contact=make_contact())
    assert campaign.memberships.count() == 1
    assert add_new_contacts(campaign=campaign, user=alice) == 1
    assert add_new_contacts(campaign=campaign, user=alice) == 0
    assert campaign.memberships.count() == 2


def test_adding_new_contacts_brings_back_who_has_a_legal_basis_by_now():
    contact = make_contact()
    campaign = make_draft(contact, status="finished", finished_at=clock.now())
    make_membership(campaign=campaign, contact=contact, status="blocked", reason="no_legal_basis")
    assert add_new_contacts(campaign=campaign, user=None) == 1
    assert (campaign.status, campaign.memberships.get().status) == ("paused", "pending")


def test_new_contacts_of_a_finished_campaign_wait_until_somebody_resumes_it(alice):
    campaign = make_draft(status="finished", finished_at=clock.now() - timedelta(days=1))
    add_new_contacts(campaign=campaign, user=alice)
    assert (campaign.status, campaign.finished_at) == ("paused", None)
    assert resume_campaign(campaign=campaign, user=alice).status == CampaignStatus.RUNNING
    assert campaign.memberships.get().status == ContactStatus.PENDING


def test_ten_times_the_contacts_cost_no_more_queries(django_assert_max_num_queries):
    campaign = make_draft(*(make_contact() for _ in range(30)))
    with django_assert_max_num_queries(20):
        start_campaign(campaign=campaign, user=None)

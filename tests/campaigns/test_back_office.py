import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from campaigns.models import CallingRules, Campaign, CampaignContact, Script
from tests.factories import make_campaign, make_contact, make_list, make_membership

pytestmark = pytest.mark.django_db
CAMPAIGNS = reverse("admin:campaigns_campaign_changelist")


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def test_campaigns_are_found_by_name(office):
    make_campaign(name="Citas de enero")
    make_campaign(name="Ventas")
    page = office.get(CAMPAIGNS + "?q=enero").content.decode()
    assert "Citas de enero" in page
    assert "Ventas" not in page


def test_pausing_and_resuming_call_the_services(office):
    campaign = make_campaign(lists=[make_list(make_contact())])
    for action, status in [("pause", "paused"), ("resume", "running")]:
        office.post(CAMPAIGNS, {"action": action, "_selected_action": [str(campaign.pk)]})
        campaign.refresh_from_db()
        assert campaign.status == status
    assert campaign.status_changes.count() == 2


def test_a_campaign_that_may_not_run_is_not_resumed_and_says_why(office):
    campaign = make_campaign(status="paused")
    page = office.post(CAMPAIGNS, {"action": "resume", "_selected_action": [str(campaign.pk)]}, follow=True)
    assert "Choose at least one contact list." in page.content.decode()


@pytest.mark.parametrize("model", ["campaigncontact", "script"])
def test_history_can_be_read_and_not_changed(office, model):
    membership = make_membership(campaign=make_campaign())
    row = membership if model == "campaigncontact" else membership.campaign.script
    assert office.get(reverse(f"admin:campaigns_{model}_changelist")).status_code == 200
    page = office.get(reverse(f"admin:campaigns_{model}_change", args=[row.pk]))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert office.get(reverse(f"admin:campaigns_{model}_add")).status_code == 403


def test_a_campaigns_page_opens_with_its_rules_scripts_and_history(office):
    campaign = make_campaign()
    page = office.get(reverse("admin:campaigns_campaign_change", args=[campaign.pk])).content.decode()
    assert campaign.script.disclosure in page
    assert "calling windows" in page.lower()


@pytest.mark.parametrize(
    ("model", "change", "rule"),
    [
        (Campaign, {"status": "flying"}, "campaign_status_known"),
        (Campaign, {"required_basis": "hope"}, "campaign_basis_known"),
        (Campaign, {"budget_micros": 0}, "budget_is_positive"),
        (CampaignContact, {"status": "lost"}, "contact_status_known"),
        (CallingRules, {"windows": [["10:00", "14:00"]]}, "windows_by_weekday"),
        (CallingRules, {"starts_per_second": 0}, "some_starts"),
        (CallingRules, {"max_concurrent_calls": 0}, "some_calls_at_once"),
        (Script, {"disclosure": ""}, "script_discloses"),
    ],
)
def test_the_database_itself_refuses_what_makes_no_sense(model, change, rule):
    make_membership(campaign=make_campaign())
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        model.objects.update(**change)

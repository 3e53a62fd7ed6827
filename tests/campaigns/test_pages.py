import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcenter import clock
from campaigns.models import CampaignStatus
from contacts.models import ContactListMembership
from tests.factories import make_campaign, make_contact, make_list, make_membership

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ACTIONS = ["start", "pause", "resume", "add-contacts"]


def url(name, campaign):
    return reverse(f"campaigns:{name}", args=[campaign.pk])


def texts(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def draft():
    return make_campaign(status="draft", started_at=None, lists=[make_list(make_contact(full_name="Ana Ruiz"))])


@pytest.mark.parametrize("name", ["detail", "edit", "progress"])
def test_nobody_sees_a_campaign_without_signing_in(client, draft, name):
    response = client.get(url(name, draft))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_nobody_sees_the_list_without_signing_in(client):
    assert client.get(reverse("campaigns:list")).status_code == 302


def test_an_agent_sees_the_campaigns_she_is_assigned_to_and_no_others(client, bob, charlie):
    campaign = make_campaign(name="Citas de enero")
    campaign.agents.add(bob)
    client.force_login(bob)
    assert "Citas de enero" in texts(client.get(reverse("campaigns:list")))
    assert client.get(url("detail", campaign)).status_code == 200
    client.force_login(charlie)
    assert "Citas de enero" not in texts(client.get(reverse("campaigns:list")))
    assert client.get(url("detail", campaign)).status_code == 404
    assert client.get(url("progress", campaign)).status_code == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_an_agent_may_not_run_even_her_own_campaign(client, bob, draft, action):
    draft.agents.add(bob)
    client.force_login(bob)
    assert client.post(url(action, draft)).status_code == 403
    assert client.get(url("edit", draft)).status_code == 403
    assert client.get(reverse("campaigns:create")).status_code == 403
    assert client.post(reverse("campaigns:validate-edit", args=[draft.pk]) + "?field=name").status_code == 403


@pytest.mark.parametrize("action", ACTIONS)
def test_a_link_never_runs_a_campaign(client, alice, draft, action):
    client.force_login(alice)
    assert client.get(url(action, draft)).status_code == 405


def test_an_analyst_reads_every_campaign_and_finds_no_buttons(client, anna, draft):
    client.force_login(anna)
    page = texts(client.get(url("detail", draft)))
    assert draft.name in page
    assert url("start", draft) not in page


def test_a_supervisor_starts_pauses_and_resumes(client, alice, draft):
    client.force_login(alice)
    for action, status in [("start", "running"), ("pause", "paused"), ("resume", "running")]:
        response = client.post(url(action, draft), follow=True)
        draft.refresh_from_db()
        assert (response.status_code, draft.status) == (200, status)


def test_with_htmx_a_button_brings_the_part_back_with_a_toast(client, alice, draft):
    client.force_login(alice)
    response = client.post(url("start", draft), headers=HTMX)
    assert texts(response).startswith('<section id="campaign-progress"')
    assert "toast" in response.headers["HX-Trigger"]
    assert 'data-count="pending">1<' in texts(response)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_start_says_why_and_where_to_correct_it(client, alice, draft, headers):
    draft.lists.clear()
    client.force_login(alice)
    response = client.post(url("start", draft), headers=headers)
    assert response.status_code == 422
    assert "Choose at least one contact list." in texts(response)
    assert f"{url('edit', draft)}#field-lists" in texts(response)
    draft.refresh_from_db()
    assert draft.status == CampaignStatus.DRAFT


def test_a_pause_of_the_system_shows_its_reason(client, alice):
    campaign = make_campaign(status="paused", status_reason="The carrier refuses our account.")
    client.force_login(alice)
    assert "The carrier refuses our account." in texts(client.get(url("detail", campaign)))
    assert "The carrier refuses our account." in texts(client.get(reverse("campaigns:list")))


def test_the_page_counts_contacts_by_status_and_by_what_they_wait_for(client, alice):
    campaign = make_campaign()
    for status, reason, count in [("pending", "on_dnc_list", 2), ("pending", "not_yet_due", 1), ("done", "", 3)]:
        for _ in range(count):
            make_membership(campaign=campaign, status=status, reason=reason, reason_at=clock.now())
    client.force_login(alice)
    page = texts(client.get(url("progress", campaign), headers=HTMX))
    assert 'data-count="pending">3<' in page
    assert 'data-count="done">3<' in page
    assert '<tr data-reason="on_dnc_list"> <td>On the do-not-call list</td> <td class="text-end">2</td>' in page
    assert "3 of 6 contacts are settled" in page


def test_pending_contacts_of_a_paused_campaign_wait_because_it_is_paused(client, alice):
    campaign = make_campaign(status="paused")
    make_membership(campaign=campaign, reason="no_capacity")
    client.force_login(alice)
    page = texts(client.get(url("detail", campaign)))
    assert 'data-reason="campaign_not_running"' in page
    assert 'data-reason="no_capacity"' not in page


def test_the_next_attempt_stands_in_the_zone_of_who_looks(client, alice):
    campaign = make_campaign()
    make_membership(campaign=campaign, next_attempt_at="2026-01-12T10:00:00Z", attempts=1, last_outcome="busy")
    alice.time_zone = "America/Mexico_City"
    alice.save()
    client.force_login(alice)
    page = texts(client.get(url("detail", campaign)))
    assert "01/12/2026 4 a.m." in page
    assert ">Busy<" in page


def test_contacts_can_be_narrowed_to_one_status(client, alice):
    campaign = make_campaign()
    make_membership(campaign=campaign, contact=make_contact(full_name="Ana Ruiz"), status="done")
    make_membership(campaign=campaign, contact=make_contact(full_name="Luis Gil"), status="exhausted")
    client.force_login(alice)
    page = texts(client.get(url("detail", campaign) + "?contact_status=done", headers=HTMX))
    assert page.startswith('<section id="campaign-contacts"')
    assert "Ana Ruiz" in page
    assert "Luis Gil" not in page


def test_the_calls_of_the_campaign_come_from_their_own_page_and_are_linked(client, alice, draft):
    client.force_login(alice)
    page = texts(client.get(url("detail", draft)))
    address = f"{reverse('calls:list')}?campaign={draft.pk}"
    assert f'hx-get="{address}"' in page
    assert f'<a href="{address}">' in page


@pytest.mark.parametrize("status", ["draft", "running", "paused"])
def test_a_button_stops_the_refresh_under_way_that_would_swallow_its_answer(client, alice, draft, status):
    type(draft).objects.update(status=status)
    client.force_login(alice)
    page = texts(client.get(url("detail", draft)))
    buttons = page.count('hx-target="#campaign-progress"')
    assert buttons == page.count('hx-sync="#campaign-progress:replace"') > 0
    assert 'hx-trigger="changed from:body queue:none' in page


def test_new_contacts_are_added_by_their_button(client, alice, draft):
    client.force_login(alice)
    client.post(url("start", draft))
    ContactListMembership.objects.create(contact_list=draft.lists.get(), contact=make_contact())
    response = client.post(url("add-contacts", draft), follow=True)
    assert "1 contact was added." in texts(response)


def test_the_list_can_be_narrowed_by_name_status_and_kind(client, alice):
    make_campaign(name="Ventas de otoño", kind="commercial")
    make_campaign(name="Citas", status="paused")
    client.force_login(alice)
    for query, shown, hidden in [
        ("status=paused", "Citas", "Ventas de otoño"),
        ("kind=commercial", "Ventas de otoño", "Citas"),
        ("name=OTOÑO", "Ventas de otoño", "Citas"),
    ]:
        page = texts(client.get(reverse("campaigns:list") + f"?{query}", headers=HTMX))
        assert page.startswith('<div id="campaign-rows"')
        assert shown in page
        assert hidden not in page


@pytest.mark.parametrize("query", ["status=nonsense", "cursor=%00", "cursor=abc", "contact_status=x", "kind=%F0"])
def test_nonsense_in_the_address_shows_everything(client, alice, draft, query):
    client.force_login(alice)
    assert draft.name in texts(client.get(reverse("campaigns:list") + f"?{query}"))
    assert client.get(url("detail", draft) + f"?{query}").status_code == 200


def test_more_campaigns_cost_the_list_no_more_queries(client, alice, django_assert_num_queries):
    client.force_login(alice)
    make_membership(campaign=make_campaign())
    client.get(reverse("campaigns:list"))
    with CaptureQueriesContext(connection) as first:
        client.get(reverse("campaigns:list"))
    for _ in range(10):
        make_membership(campaign=make_campaign())
    with django_assert_num_queries(len(first)):
        client.get(reverse("campaigns:list"))


def test_more_contacts_cost_the_page_no_more_queries(client, alice, django_assert_num_queries):
    client.force_login(alice)
    campaign = make_campaign()
    make_membership(campaign=campaign)
    client.get(url("detail", campaign))
    with CaptureQueriesContext(connection) as first:
        client.get(url("detail", campaign))
    for _ in range(10):
        make_membership(campaign=campaign, reason="not_yet_due")
    with django_assert_num_queries(len(first)):
        client.get(url("detail", campaign))

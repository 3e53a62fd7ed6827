import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_campaign
from tests.reports.conftest import make_placed

pytestmark = pytest.mark.django_db
INDEX = reverse("reports:index")
EXPORT = reverse("reports:export")


def texts(response) -> str:
    return " ".join(response.content.decode().split())


def of(campaign) -> str:
    return reverse("reports:campaign", args=[campaign.pk])


def allow(user, *codenames):
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames, content_type__app_label="reports"))


@pytest.mark.parametrize("address", [INDEX, EXPORT])
def test_nobody_sees_reports_without_signing_in(client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize("address", [INDEX, EXPORT])
def test_an_agent_has_no_reports(client, bob, address):
    client.force_login(bob)
    assert client.get(address).status_code == 403


def test_the_report_of_a_campaign_one_is_not_assigned_to_does_not_exist(client, charlie, citas):
    allow(charlie, "view_report", "export_report")
    client.force_login(charlie)
    assert client.get(of(citas)).status_code == 404
    assert "Citas" not in texts(client.get(INDEX))
    assert b"Citas" not in b"".join(client.get(EXPORT).streaming_content)


def test_an_analyst_reads_the_totals(client, anna, citas):
    client.force_login(anna)
    page = texts(client.get(INDEX))
    for figure, value in [
        ("placed", "5"),
        ("answered", "3"),
        ("answer-rate", "60.0 %"),
        ("human-rate", "40.0 %"),
        ("mean-length", "0:30"),
    ]:
        assert f'data-figure="{figure}">{value}<' in page


def test_the_chart_is_drawn_from_the_table_beside_it(client, anna, citas):
    client.force_login(anna)
    page = texts(client.get(INDEX + "?since=2026-01-12&until=2026-01-13"))
    assert 'data-chart-table="by-day"' in page
    assert '<table id="by-day"' in page
    row = '<th scope="row" class="text-nowrap">01/12/2026</th> <td class="text-end" data-value="3">3</td>'
    assert row in page


def test_calls_are_shown_by_outcome_hour_and_campaign(client, anna, citas):
    client.force_login(anna)
    page = texts(client.get(INDEX))
    assert 'data-outcome="do_not_call"' in page
    assert 'data-hour="10"' in page
    assert f'<a href="{of(citas)}">Citas</a>' in page


def test_the_report_of_a_campaign_counts_its_calls_only(client, anna, citas, ventas):
    client.force_login(anna)
    page = texts(client.get(of(ventas) + "?since=2025-11-01&until=2025-11-30"))
    assert 'data-figure="placed">1<' in page
    assert f"campaign={ventas.pk}" in page


def test_without_days_the_last_thirty_are_shown(client, anna, citas, ventas):
    client.force_login(anna)
    page = texts(client.get(INDEX))
    assert 'value="2025-12-16"' in page
    assert 'value="2026-01-14"' in page
    assert "Ventas" not in page.split('id="report"')[1]


def test_with_htmx_only_the_report_comes(client, anna, citas):
    client.force_login(anna)
    response = client.get(INDEX, headers={"HX-Request": "true"})
    assert texts(response).startswith('<div id="report">')
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=yesterday", "From day: Enter a valid date."),
        ("since=2026-01-14&until=2026-01-12", "To day: The last day may not lie before the first."),
        ("since=2024-01-01&until=2026-01-12", "From day: Choose 366 days at the most."),
        ("outcome=glory", "Outcome: Select a valid choice"),
        ("campaign=01234567-0000-7000-8000-000000000000", "Campaign: Select a valid choice"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named_and_nothing_is_shown(client, anna, citas, query, words):
    client.force_login(anna)
    page = texts(client.get(f"{INDEX}?{query}"))
    assert words in page
    assert "data-figure" not in page
    assert client.get(f"{EXPORT}?{query}").status_code == 302


def test_a_selection_without_calls_says_so(client, anna, citas):
    client.force_login(anna)
    assert "No calls in this selection" in texts(client.get(INDEX + "?status=failed"))


def test_more_calls_and_campaigns_cost_no_more_queries(client, anna, citas, django_assert_num_queries):
    client.force_login(anna)
    client.get(INDEX)
    with CaptureQueriesContext(connection) as before:
        client.get(INDEX)
    for _ in range(10):
        make_placed(make_campaign(), "2026-01-13T10:00", answered_by="human", disposition="completed", seconds=5)
    with django_assert_num_queries(len(before)):
        client.get(INDEX)

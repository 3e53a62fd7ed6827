"""The list of calls: who sees which, what it can be narrowed by, and that it stays cheap."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.models import AnsweredBy, CallStatus
from campaigns.models import Disposition
from tests.calls.pages.makers import without_numbers
from tests.factories import make_call, make_campaign, make_contact, make_membership, make_user

LIST = "/calls/"


def ended_call(**fields):
    contact = fields.pop("contact", None)
    campaign = fields.pop("campaign", None) or make_campaign()
    membership = make_membership(campaign=campaign, contact=contact, attempts=1)
    return make_call(campaign=campaign, membership=membership, **{"status": CallStatus.COMPLETED} | fields)


def shown(client, **filters):
    response = client.get(LIST, filters)
    return response.context["page"].items


def test_without_signing_in_there_is_no_list(client, db):
    assert client.get(LIST).status_code == 302


def test_a_supervisor_sees_every_call_newest_first(client, alice):
    first, second = ended_call(), ended_call()
    client.force_login(alice)
    assert shown(client) == [second, first]


def test_an_agent_sees_the_calls_of_their_campaigns_only(client, bob, charlie):
    campaign = make_campaign()
    campaign.agents.add(bob)
    call = ended_call(campaign=campaign)
    client.force_login(bob)
    assert shown(client) == [call]
    client.force_login(charlie)
    assert shown(client) == []


def test_an_empty_list_says_what_will_fill_it(client, alice):
    client.force_login(alice)
    assert "No calls yet" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("name", "value", "fields"),
    [
        ("status", "busy", {"status": CallStatus.BUSY}),
        ("answered_by", "voicemail", {"answered_by": AnsweredBy.VOICEMAIL}),
        ("disposition", "callback", {"disposition": Disposition.CALLBACK}),
    ],
)
def test_one_field_narrows_the_list(client, alice, name, value, fields):
    ended_call()
    wanted = ended_call(**fields)
    client.force_login(alice)
    assert shown(client, **{name: value}) == [wanted]


def test_the_campaign_narrows_the_list(client, alice):
    ended_call()
    wanted = ended_call()
    client.force_login(alice)
    assert shown(client, campaign=wanted.campaign_id) == [wanted]


def test_the_contact_narrows_the_list_by_record_and_by_name(client, alice):
    ended_call()
    wanted = ended_call(contact=make_contact(full_name="Lucía Pérez"))
    client.force_login(alice)
    assert shown(client, contact=wanted.contact_id) == [wanted]
    assert shown(client, name="lucía") == [wanted]


def test_part_of_a_number_narrows_the_list(client, alice):
    ended_call(contact=make_contact(e164="+34611222333"))
    wanted = ended_call(contact=make_contact(e164="+34655444333"))
    client.force_login(alice)
    assert shown(client, number="655 444") == [wanted]


def test_days_are_days_in_the_zone_of_whoever_looks(client, db):
    in_madrid_already_tomorrow = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    call = ended_call(placed_at=in_madrid_already_tomorrow)
    client.force_login(make_user(time_zone="Europe/Madrid"))
    assert shown(client, since="2026-03-11", until="2026-03-11") == [call]
    assert shown(client, since="2026-03-10", until="2026-03-10") == []
    client.force_login(make_user(time_zone="America/Bogota"))
    assert shown(client, since="2026-03-10", until="2026-03-10") == [call]


def test_a_call_that_is_still_to_be_placed_counts_on_the_day_it_is_for(client, alice):
    call = ended_call(status=CallStatus.QUEUED, place_at=datetime(2026, 3, 10, 12, tzinfo=UTC))
    client.force_login(alice)
    assert shown(client, since="2026-03-10", until="2026-03-10") == [call]


def test_a_filter_that_is_not_understood_shows_no_calls_and_says_so(client, alice):
    ended_call()
    client.force_login(alice)
    response = client.get(LIST, {"since": "yesterday"})
    assert response.context["page"].items == []
    assert "Enter a valid date" in response.content.decode()


def test_a_foreign_campaign_is_no_filter_for_an_agent(client, charlie):
    call = ended_call()
    client.force_login(charlie)
    assert client.get(LIST, {"campaign": call.campaign_id}).context["page"].items == []


def test_numbers_are_masked_for_whoever_may_not_see_them(client, alice):
    ended_call(contact=make_contact(e164="+34611222333"))
    client.force_login(alice)
    assert "+34 611 22 23 33" in client.get(LIST).content.decode()
    client.force_login(without_numbers())
    page = client.get(LIST).content.decode()
    assert "+34 ••••••333" in page
    assert "611" not in page


def test_whoever_may_not_see_numbers_cannot_search_by_them(client, db):
    call = ended_call(contact=make_contact(e164="+34611222333"))
    client.force_login(without_numbers())
    assert shown(client, number="999") == [call]
    assert 'name="number"' not in client.get(LIST).content.decode()


def test_htmx_gets_the_rows_and_a_browser_the_whole_page(client, alice):
    client.force_login(alice)
    page = client.get(LIST)
    part = client.get(LIST, headers={"HX-Request": "true"})
    assert "<html" in page.content.decode()
    assert part.content.decode().strip().startswith('<div id="call-rows"')
    assert "HX-Request" in part.headers["Vary"]


def test_going_back_in_the_browser_gets_the_whole_page(client, alice):
    client.force_login(alice)
    response = client.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in response.content.decode()


def test_pages_keep_the_filters(client, alice):
    campaign = make_campaign()
    for _ in range(51):
        ended_call(campaign=campaign)
    client.force_login(alice)
    first = client.get(LIST, {"campaign": campaign.pk})
    second = client.get(LIST, {"campaign": campaign.pk, "cursor": first.context["page"].next_cursor})
    assert (len(first.context["page"].items), len(second.context["page"].items)) == (50, 1)
    assert f"/calls/?campaign={campaign.pk}&amp;cursor=" in first.content.decode()


def test_ten_more_calls_cost_no_more_queries(client, alice, django_assert_max_num_queries):
    client.force_login(alice)
    ended_call()
    with django_assert_max_num_queries(12) as few:
        client.get(LIST)
    for _ in range(10):
        ended_call(placed_at=datetime.now(UTC) - timedelta(hours=1), duration_seconds=30)
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


def test_the_list_speaks_spanish(client, alice):
    ended_call()
    client.force_login(alice)
    page = client.get(LIST, headers={"Accept-Language": "es"}).content.decode()
    for words in ("Llamadas", "Todas las campañas", "Completada"):
        assert words in page

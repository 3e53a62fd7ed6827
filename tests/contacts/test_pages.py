"""The contacts' pages: who sees what, and that nothing costs more with more rows."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcenter import clock
from contacts.models import Contact, DoNotCallEntry
from contacts.services import add_to_dnc, is_on_dnc
from tests.factories import make_campaign, make_contact, make_list, make_membership

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST = reverse("contacts:list")
NUMBER = "+34611222333"


def url(name, contact):
    return reverse(f"contacts:{name}", args=[contact.pk])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def ana():
    return make_contact(full_name="Ana Ñíguez", sort_name="ana n~iguez", e164=NUMBER, email="ana@example.com")


@pytest.mark.parametrize("path", ["", "new/", "import/"])
def test_nobody_enters_without_signing_in(client, path):
    response = client.get(LIST + path)
    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_an_agent_sees_the_people_of_her_campaigns_and_no_others(client, bob, charlie, ana):
    campaign = make_campaign()
    campaign.agents.add(bob)
    make_membership(campaign=campaign, contact=ana)
    for user, status in ((bob, 200), (charlie, 404)):
        client.force_login(user)
        assert client.get(url("detail", ana)).status_code == status
        assert ("Ana" in text_of(client.get(LIST))) is (status == 200)


def test_an_agent_may_neither_block_nor_edit_nor_import(client, bob, ana):
    campaign = make_campaign()
    campaign.agents.add(bob)
    make_membership(campaign=campaign, contact=ana)
    client.force_login(bob)
    for name in ("block", "unblock"):
        assert client.post(url(name, ana), {"reason": "x"}).status_code == 403
    assert client.get(url("edit", ana)).status_code == 403
    assert client.get(reverse("contacts:import")).status_code == 403
    assert client.post(reverse("contacts:import-confirm")).status_code == 403


def test_numbers_are_masked_for_whoever_may_not_see_them(client, alice, anna, ana):
    client.force_login(alice)
    assert "+34 611 22 23 33" in text_of(client.get(LIST))
    assert "+34 611 22 23 33" in text_of(client.get(url("detail", ana)))
    client.force_login(anna)
    for page in (LIST, url("detail", ana)):
        assert "+34 ••••••333" in text_of(client.get(page))
        assert "611 22" not in text_of(client.get(page))


@pytest.mark.parametrize("words", ["niguez", "ÑÍGUEZ", "Ana", "611 22 23 33", "+34611222333", "222333", "ana@"])
def test_a_contact_is_found_by_name_number_or_address(client, alice, ana, words):
    make_contact(full_name="Eva", sort_name="eva", e164="+34655444555")
    client.force_login(alice)
    assert client.get(LIST, {"q": words}).context["page"].items == [ana]


def test_a_part_of_a_number_finds_nobody_for_whoever_may_not_see_numbers(client, anna, ana):
    client.force_login(anna)
    assert client.get(LIST, {"q": "222333"}).context["page"].items == []
    assert client.get(LIST, {"q": "611222333"}).context["page"].items == [ana]


def test_the_list_is_filtered_by_contact_list_and_paged_in_parts(client, alice):
    contacts = [make_contact(sort_name=f"a{number:03}") for number in range(60)]
    wanted = make_list(*contacts)
    make_contact(full_name="Zoe", sort_name="zoe")
    client.force_login(alice)
    first = client.get(LIST, {"contact_list": wanted.pk}, headers=HTMX)
    assert first.content.count(b'data-label="Name"') == 50
    assert b"<html" not in first.content
    cursor = re.search(r"cursor=([\w-]+)", first.content.decode())[1]
    second = client.get(LIST, {"contact_list": wanted.pk, "cursor": cursor})
    assert second.context["page"].items == contacts[50:]


def test_a_wrong_filter_shows_nobody(client, alice, ana):
    client.force_login(alice)
    response = client.get(LIST, {"contact_list": "everything"})
    assert response.context["page"].items == []
    assert "alert-danger" in text_of(response)


def test_the_empty_list_leads_to_the_import(client, alice):
    client.force_login(alice)
    assert f'href="{reverse("contacts:import")}"' in client.get(LIST).content.decode().split('id="contact-rows"')[1]


def test_ten_more_contacts_cost_no_more_queries(client, alice):
    client.force_login(alice)
    counts = []
    for _round in range(2):
        for _number in range(10):
            add_to_dnc(e164=make_contact().primary_number.e164, reason="x", source="test")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_blocking_needs_a_reason_and_says_so_at_the_field(client, alice, ana):
    client.force_login(alice)
    response = client.post(url("block", ana), {"reason": " "}, headers=HTMX)
    assert response.status_code == 422
    assert "This field is required" in text_of(response)
    assert not DoNotCallEntry.objects.exists()


def test_a_blocked_contact_is_shown_as_such_and_can_be_allowed_again(client, alice, ana):
    client.force_login(alice)
    response = client.post(url("block", ana), {"reason": "asked by mail"}, headers=HTMX)
    assert "asked by mail" in text_of(response)
    assert "toast" in response["HX-Trigger"]
    assert is_on_dnc(e164=NUMBER, now=clock.now())
    assert "Do not call" in text_of(client.get(LIST))
    assert client.post(url("unblock", ana), {"reason": "a mistake"}).status_code == 302
    assert not is_on_dnc(e164=NUMBER, now=clock.now())


def test_the_calls_of_a_contact_come_by_a_link_that_works_alone(client, alice, ana):
    client.force_login(alice)
    page = client.get(url("detail", ana)).content.decode()
    address = f"{reverse('calls:list')}?contact={ana.pk}"
    assert f'hx-get="{address}"' in page
    assert f'href="{address}"' in page


def test_hostile_words_are_shown_as_they_are(client, alice):
    contact = make_contact(full_name="<script>alert(1)</script>", notes="{{ 7*7 }}", extra={"<b>": "<i>"})
    client.force_login(alice)
    page = client.get(url("detail", contact)).content.decode()
    assert "<script>alert(1)" not in page
    assert "{{ 7*7 }}" in page
    assert "&lt;b&gt;" in page


def test_a_contact_is_made_and_changed_by_hand(client, alice):
    client.force_login(alice)
    new = {"full_name": "Ana", "number": "611 222 333"}
    response = client.post(reverse("contacts:create"), new)
    contact = Contact.objects.get()
    assert response.url == contact.get_absolute_url()
    assert contact.primary_number.e164 == NUMBER
    client.post(url("edit", contact), new | {"number": "+34 611 222 444", "lists": [make_list().pk]})
    contact = Contact.objects.get()
    assert (contact.primary_number.e164, contact.lists.count()) == ("+34611222444", 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": "12"}, "too short"),
        ({"number": NUMBER}, "Another contact has this number already"),
        ({"full_name": ""}, "Give the contact a name"),
        ({"time_zone": "Europe/Atlantis"}, "time zone does not exist"),
        ({"email": "ana"}, "valid email address"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_saved(client, alice, ana, fields, words):
    client.force_login(alice)
    response = client.post(reverse("contacts:create"), {"full_name": "Eva", "number": "622333444"} | fields)
    assert response.status_code == 422
    assert words in text_of(response)
    assert Contact.objects.get() == ana

"""What a person may ask for: to be told everything, to be one person, to be forgotten but not called again."""

import json

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from callcenter import clock
from contacts.models import Contact, DoNotCallEntry
from contacts.personal_data import erase_person
from contacts.services import add_to_dnc, is_on_dnc, merge_contacts
from tests.factories import make_call, make_contact, make_user

LIST = reverse("admin:contacts_contact_changelist")
NUMBER = "+34600111222"
pytestmark = pytest.mark.django_db


def ask(client, action, *contacts, **fields):
    return client.post(LIST, {"action": action, "_selected_action": [str(contact.pk) for contact in contacts]} | fields)


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def three():
    return [make_contact(full_name=name) for name in ("Ana Gil", "A. Gil", "Gil Ana")]


def test_everything_known_of_a_person_is_one_file(office, admin):
    call = make_call(status="completed")
    response = ask(office, "download_personal_data", call.contact)
    assert response["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    (person,) = json.loads(response.content)
    assert person["contacts"][0]["id"] == str(call.contact.pk)
    assert person["calls"][0]["number"] == call.to_number
    assert AuditEntry.objects.get(action="download_personal_data").user == admin


def test_whoever_may_not_see_numbers_downloads_and_merges_nobody(client, three):
    analyst = make_user(role="analyst", is_staff=True)
    client.force_login(analyst)
    for action in ("download_personal_data", "merge_selected"):
        assert ask(client, action, *three, confirmed="yes")["Content-Type"] != "application/json"
    assert not AuditEntry.objects.exclude(user=None).exists()
    assert Contact.objects.count() == 3


def test_the_selected_are_shown_before_they_are_merged(office, three):
    page = ask(office, "merge_selected", *three).content.decode()
    assert all(contact.full_name in page for contact in three)
    assert Contact.objects.count() == 3


def test_the_oldest_of_the_selected_takes_over_the_others(office, admin, three):
    ask(office, "merge_selected", *three, confirmed="yes")
    assert Contact.objects.get() == three[0]
    assert three[0].numbers.count() == 3
    entries = AuditEntry.objects.filter(action="merge_contact", user=admin)
    assert {entry.details["merged"] for entry in entries} == {str(contact.pk) for contact in three[1:]}


def test_one_alone_is_not_merged(office, three):
    assert ask(office, "merge_selected", three[0], confirmed="yes").status_code == 302
    assert Contact.objects.count() == 3


def test_nobody_is_merged_in_part(three, admin):
    make_call(status="in_progress")
    in_call = Contact.objects.latest("created_at")
    with pytest.raises(Exception, match="in a call"):
        merge_contacts(target=three[0], others=[three[1], in_call], user=admin)
    assert Contact.objects.count() == 4


def test_an_erased_person_leaves_only_the_hash_on_the_list():
    contact = make_contact(e164=NUMBER)
    add_to_dnc(e164=NUMBER, reason="asked on the phone", source="call")
    erase_person(contact)
    assert DoNotCallEntry.objects.get().e164 == ""
    assert is_on_dnc(e164=NUMBER, now=clock.now())

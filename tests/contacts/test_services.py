"""The do-not-call list, contacts made by hand, and a person's data."""

from datetime import timedelta

import pytest
from django.utils.dateparse import parse_datetime

from accounts.models import AuditEntry
from callcenter import clock
from contacts.models import Contact, ContactNumber, DoNotCallEntry
from contacts.personal_data import describe_person, erase_person, move_person
from contacts.phone import parse_number
from contacts.services import (
    ContactRefused,
    add_to_dnc,
    is_on_dnc,
    remove_from_dnc,
    save_contact,
)
from tests.factories import make_contact, make_list

NUMBER = "+34600111222"
pytestmark = pytest.mark.django_db


def block(**fields):
    return add_to_dnc(**{"e164": NUMBER, "reason": "asked on the phone", "source": "call"} | fields)


def test_a_blocked_number_is_on_the_list_and_no_other():
    block()
    assert is_on_dnc(e164=NUMBER, now=clock.now())
    assert not is_on_dnc(e164="+34600111223", now=clock.now())


def test_blocking_twice_keeps_one_entry_and_its_first_reason():
    assert block() == block(reason="another")
    assert DoNotCallEntry.objects.get().reason == "asked on the phone"
    assert AuditEntry.objects.filter(action="add_to_dnc").count() == 1


def test_a_block_that_has_run_out_counts_no_more_until_it_is_renewed():
    now = clock.now()
    block(expires_at=now - timedelta(minutes=1))
    assert not is_on_dnc(e164=NUMBER, now=now)
    block()
    assert is_on_dnc(e164=NUMBER, now=now + timedelta(days=3650))


def test_a_shorter_block_never_shortens_a_longer_one():
    block()
    block(expires_at=clock.now() + timedelta(days=1))
    assert DoNotCallEntry.objects.get().expires_at is None


def test_removing_a_block_is_audited_with_its_reason(alice):
    remove_from_dnc(entry=block(), reason="asked to be called again", user=alice)
    assert not is_on_dnc(e164=NUMBER, now=clock.now())
    entry = AuditEntry.objects.get(action="remove_from_dnc")
    assert (entry.user, entry.details["reason"]) == (alice, "asked to be called again")


def test_the_audit_trail_tells_of_which_number_and_for_which_time_a_block_was_removed():
    entry = block(expires_at=clock.now() + timedelta(days=1))
    remove_from_dnc(entry=entry, reason="asked to be called again", user=None)
    details = AuditEntry.objects.get(action="remove_from_dnc").details
    assert details["number_hash"] == entry.number_hash
    assert [parse_datetime(details[name]) for name in ("since", "expires_at")] == [entry.created_at, entry.expires_at]


def test_the_audit_trail_holds_no_number(alice):
    block(user=alice)
    assert NUMBER not in str(list(AuditEntry.objects.values()))


def test_a_contact_is_saved_with_its_number_lists_and_sort_name(alice):
    lists = [make_list()]
    contact = save_contact(
        contact=Contact(first_name="Álvaro", last_name="Ñíguez"),
        number=parse_number("600 111 222", "ES"),
        lists=lists,
        user=alice,
    )
    assert (contact.full_name, contact.sort_name) == ("Álvaro Ñíguez", "alvaro n~iguez")
    assert contact.primary_number.e164 == NUMBER
    assert list(contact.lists.all()) == lists


def test_a_number_belongs_to_one_contact_only():
    make_contact(e164=NUMBER)
    with pytest.raises(ContactRefused, match="already"):
        save_contact(contact=Contact(full_name="Eva"), number=parse_number(NUMBER, "ES"))
    assert Contact.objects.count() == 1


def test_moving_a_person_joins_numbers_lists_and_bases():
    source, target = make_contact(), make_contact()
    make_list(source, target)
    make_list(source)
    move_person(source=source, target=target)
    assert list(target.numbers.values_list("rank", flat=True)) == [1, 2]
    assert (target.lists.count(), target.consents.count(), Contact.objects.count()) == (2, 1, 1)


def test_a_person_is_described_and_then_erased():
    contact = make_contact(e164=NUMBER, full_name="Ana")
    (record,) = describe_person(contact)["contacts"]
    assert (record["full_name"], record["numbers"]) == ("Ana", [NUMBER])
    erase_person(contact)
    assert not Contact.objects.exists()
    assert not ContactNumber.objects.exists()

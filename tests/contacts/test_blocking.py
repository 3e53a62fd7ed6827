"""All the numbers of a contact are blocked together, or none is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from callcenter import clock
from contacts.models import ContactNumber, DoNotCallEntry
from contacts.services import add_to_dnc
from tests.factories import make_contact
from tests.locks import held_elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_fault_at_the_second_number_leaves_the_first_as_it_was(client, alice):
    contact = make_contact()
    second = ContactNumber.objects.create(contact=contact, e164="+34611000002", rank=2)
    until = clock.now() + timedelta(days=1)
    entry = add_to_dnc(e164=second.e164, reason="for a day", source="test", expires_at=until)
    client.force_login(alice)
    client.raise_request_exception = False
    with held_elsewhere(entry):
        answer = client.post(reverse("contacts:block", args=[contact.pk]), {"reason": "asked"})
    assert answer.status_code == 500
    assert DoNotCallEntry.objects.get() == entry

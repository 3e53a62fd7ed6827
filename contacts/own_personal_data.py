"""What this app itself knows of a person: the contact, its numbers, legal bases and lists."""

from typing import Any

from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.forms.models import model_to_dict

from contacts.models import ConsentRecord, Contact, ContactListMembership, ContactNumber, DoNotCallEntry
from contacts.personal_data import PersonalDataSource, register

TOLD = ["full_name", "first_name", "last_name", "email", "company", "language", "time_zone", "notes", "extra"]


def describe(contact: Contact) -> list[dict[str, Any]]:
    bases = contact.consents.values("basis", "source", "wording", "obtained_at", "expires_at")
    return [
        model_to_dict(contact, TOLD)
        | {
            "id": str(contact.pk),
            "created_at": contact.created_at.isoformat(),
            "numbers": [number.e164 for number in contact.numbers.all()],
            "lists": list(contact.lists.values_list("name", flat=True)),
            "consents": [{name: _plain(value) for name, value in basis.items()} for basis in bases],
        }
    ]


def move(source: Contact, target: Contact) -> None:
    """Numbers follow behind those of the target; bases and lists that it has already are not doubled."""
    last = target.numbers.aggregate(last=Coalesce(Max("rank"), 0))["last"]
    ContactNumber.objects.filter(contact=source).update(contact=target, rank=F("rank") + last)
    for consent in source.consents.all():
        if not target.consents.filter(basis=consent.basis, source=consent.source).exists():
            ConsentRecord.objects.filter(pk=consent.pk).update(contact=target)
    lists = target.memberships.values("contact_list")
    ContactListMembership.objects.filter(contact=source).exclude(contact_list__in=lists).update(contact=target)
    source.delete()


def erase(contact: Contact) -> None:
    """The do-not-call list keeps the hash of the number, by which it goes on being obeyed."""
    numbers = [number.e164 for number in contact.numbers.all()]
    DoNotCallEntry.objects.of_numbers(numbers).update(e164="")
    contact.delete()


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def register_contacts() -> None:
    register(PersonalDataSource("contacts", describe, move, erase))

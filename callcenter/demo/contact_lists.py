"""The sample files, loaded by the import service."""

from pathlib import Path

from accounts.models import User
from contacts.importing import ImportResult, import_contacts
from contacts.models import Basis, ContactList, ContactListMembership

SAMPLES = Path(__file__).parent / "samples"
RELAY_FILE = SAMPLES / "clientes-excel-es.csv"
GATHER_FILE = SAMPLES / "contacts-utf8-bom.csv"
GATHER_CONTACTS = 20


def import_sample(path: Path, *, list_name: str, user: User) -> ImportResult:
    with path.open("rb") as file:
        return import_contacts(
            file=file,
            file_name=path.name,
            contact_list=list_name,
            country="ES",
            basis=Basis.PRACTICE,
            user=user,
        )


def first_contacts(source: ContactList, *, count: int, list_name: str) -> ContactList:
    """A smaller list: the first contacts of another one, in the order of its file."""
    smaller, _created = ContactList.objects.get_or_create(name=list_name)
    chosen = source.memberships.order_by("id").values_list("contact_id", flat=True)[:count]
    ContactListMembership.objects.bulk_create(
        [ContactListMembership(contact_list=smaller, contact_id=contact_id) for contact_id in chosen],
        ignore_conflicts=True,
    )
    return smaller

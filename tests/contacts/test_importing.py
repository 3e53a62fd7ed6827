"""Files of contacts: what is loaded, what is refused, and that the figures always add up."""

import io
from pathlib import Path

import pytest

from accounts.models import AuditEntry
from callcenter.tabular import NotATable
from contacts.importing import ImportRefused, import_contacts
from contacts.models import ConsentRecord, Contact, ContactList, ContactListMembership, ContactNumber, Import

SAMPLES = Path(__file__).parent / "samples"
FIGURES = {
    "clientes-excel-es.csv": (125, 115, 1, 9),
    "clientes.xlsx": (150, 150, 0, 0),
    "contacts-utf8-bom.csv": (80, 78, 0, 2),
    "hostile.csv": (7, 6, 0, 1),
}
"""rows, created, merged, rejected"""


def load(content: str | bytes, *, name="contacts.csv", contact_list="Test", country="ES", **options):
    data = content.encode() if isinstance(content, str) else content
    return import_contacts(file=io.BytesIO(data), file_name=name, contact_list=contact_list, country=country, **options)


def load_sample(name: str, **options):
    return load((SAMPLES / name).read_bytes(), name=name, **options)


def figures(result):
    counts = result.figures.as_dict()
    counts.pop("seconds")
    return counts


def rejected(result):
    return [(rejection.row_number, rejection.code) for rejection in result.rejections]


def contact_of(e164: str) -> Contact:
    return Contact.objects.get(numbers__e164=e164)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FIGURES)
def test_every_sample_is_loaded_as_it_is(name):
    rows, created, merged, refused = FIGURES[name]
    expected = {"rows": rows, "created": created, "updated": 0, "unchanged": 0, "merged": merged, "rejected": refused}
    assert figures(load_sample(name)) == expected
    assert Contact.objects.count() == ContactNumber.objects.count() == created
    assert ContactListMembership.objects.count() == created


@pytest.mark.django_db
@pytest.mark.parametrize("name", FIGURES)
def test_a_dry_run_tells_the_same_and_writes_nothing(name):
    dry = load_sample(name, basis="practice", dry_run=True)
    for model in (Contact, ContactNumber, ContactList, ConsentRecord, Import, AuditEntry):
        assert not model.objects.exists()
    run = load_sample(name, basis="practice")
    assert figures(dry) == figures(run)
    assert rejected(dry) == rejected(run)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FIGURES)
def test_the_same_file_again_changes_nothing(name):
    first = load_sample(name, basis="practice")
    stamps = set(Contact.objects.values_list("pk", "updated_at"))
    again = load_sample(name, basis="practice")
    assert figures(again) == figures(first) | {"created": 0, "unchanged": first.figures.created}
    assert set(Contact.objects.values_list("pk", "updated_at")) == stamps
    assert ConsentRecord.objects.count() == first.figures.created

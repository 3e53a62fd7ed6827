"""Files of contacts: what is loaded, what is refused, and that the figures always add up."""

import gzip
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


@pytest.mark.django_db
def test_headings_are_recognised_in_either_language_and_the_rest_is_kept_as_typed():
    load("Nombre;Apellidos;Tlf. móvil;E-mail;Razón social;Población;Nº póliza\nAna;Gil;600111222;a@b.es;Sol;Lugo;7")
    contact = contact_of("+34600111222")
    assert (contact.full_name, contact.first_name, contact.last_name) == ("Ana Gil", "Ana", "Gil")
    assert (contact.email, contact.company) == ("a@b.es", "Sol")
    assert contact.extra == {"Población": "Lugo", "Nº póliza": "7"}


@pytest.mark.django_db
def test_the_headings_tell_the_delimiter_where_the_rows_mislead():
    load("Nombre;Teléfono\nGil, Ana, Lugo, España;600111222\nRuiz, Eva, Vigo, España;600333444")
    assert contact_of("+34600111222").full_name == "Gil, Ana, Lugo, España"


@pytest.mark.django_db
def test_a_title_and_blank_rows_may_stand_above_the_headings():
    result = load("Clientes de otoño;;\n;;\n\nNombre;Celular;\nAna;600111222;\n;;\n\n")
    assert figures(result)["rows"] == figures(result)["created"] == 1


@pytest.mark.django_db
def test_the_first_phone_column_that_can_be_called_counts_and_the_others_are_kept():
    load("Nombre,Fijo,Móvil,Otro móvil\nAna,12345,600111222,600333444")
    assert contact_of("+34600111222").extra == {"Fijo": "12345", "Otro móvil": "600333444"}


@pytest.mark.django_db
def test_further_rows_of_a_number_fill_what_the_first_left_blank():
    load("name,phone,email,city\nAna,600111222,,Lugo\nEva,+34 600 111 222,eva@b.es,Vigo")
    contact = contact_of("+34600111222")
    assert (contact.full_name, contact.email, contact.extra) == ("Ana", "eva@b.es", {"city": "Lugo"})


@pytest.mark.django_db
def test_a_later_file_overwrites_with_what_it_knows_and_leaves_the_rest():
    load("name,phone,email,city\nAna,600111222,a@b.es,Lugo")
    result = load("name,phone,email,notes\nAna Gil,600111222,,VIP")
    contact = contact_of("+34600111222")
    assert figures(result)["updated"] == 1
    assert (contact.full_name, contact.sort_name, contact.email) == ("Ana Gil", "ana gil", "a@b.es")
    assert (contact.notes, contact.extra) == ("VIP", {"city": "Lugo"})


@pytest.mark.django_db
def test_two_numbers_of_one_contact_in_a_file_let_the_first_row_decide():
    load("name,phone\nAna,600111222")
    contact = contact_of("+34600111222")
    ContactNumber.objects.create(contact=contact, e164="+34600333444", rank=2)
    content = "name,phone\nEva,600333444\nIda,600111222"
    assert [figures(load(content))["updated"] for _again in range(2)] == [1, 0]
    contact.refresh_from_db()
    assert contact.full_name == "Eva"


@pytest.mark.django_db
def test_a_known_contact_enters_the_list_of_the_new_file():
    load("phone\n600111222", contact_list="One")
    load("phone\n600111222", contact_list="Two")
    assert [entry.name for entry in contact_of("+34600111222").lists.all()] == ["One", "Two"]


@pytest.mark.django_db
def test_bad_rows_are_refused_one_by_one_and_kept_with_their_cells(alice):
    result = load(
        "nombre;teléfono;zona horaria\nAna;;\nEva;807123456;\n"
        "Ida;600111222;Europe/Atlantis\nPía;600333444;Europe/Madrid",
        user=alice,
    )
    assert rejected(result) == [(2, "blank"), (3, "premium"), (4, "unknown_time_zone")]
    assert contact_of("+34600333444").time_zone == "Europe/Madrid"
    stored = result.record.rejected_rows.get(row_number=4)
    assert stored.cells == ["Ida", "600111222", "Europe/Atlantis"]
    assert "Europe/Atlantis" in stored.reason


@pytest.mark.django_db
def test_the_legal_basis_is_recorded_once_a_contact_and_file():
    load("phone\n600111222", name="mayo.csv", basis="contract")
    load("phone\n600111222", name="mayo.csv", basis="contract")
    assert list(ConsentRecord.objects.values_list("basis", "source")) == [("contract", "mayo.csv")]


@pytest.mark.django_db
def test_an_import_is_audited_once_without_personal_data(alice):
    load_sample("clientes.xlsx", user=alice)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.user, entry.details["created"]) == ("import_contacts", alice, 150)
    assert "+34" not in str(entry.details)


@pytest.mark.django_db
def test_hostile_cells_are_nothing_but_text():
    load_sample("hostile.csv")
    assert contact_of("+34600000006").full_name == "Robert'); DROP TABLE contacts;--"
    assert contact_of("+34600000003").notes == "ab"
    assert "\u202e" not in contact_of("+34600000003").full_name
    assert contact_of("+34600000005").full_name == 'Multi line "quoted"'


@pytest.mark.django_db
def test_a_mangled_address_and_an_unknown_language_do_not_cost_the_contact():
    load("phone,e-mail,language\n600111222,ana(at)b.es,klingon\n600333444,a@b.es,Español")
    contact = contact_of("+34600111222")
    assert (contact.email, contact.language) == ("", "")
    assert contact.extra == {"e-mail": "ana(at)b.es", "language": "klingon"}
    assert contact_of("+34600333444").language == "es"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "field"),
    [({"country": "XX"}, "country"), ({"basis": "because"}, "basis"), ({"contact_list": " "}, "contact_list")],
)
def test_a_wrong_answer_is_refused_and_named(options, field):
    with pytest.raises(ImportRefused) as refusal:
        load("phone\n600111222", **options)
    assert refusal.value.field == field


@pytest.mark.django_db
def test_a_file_that_breaks_off_in_its_middle_leaves_nothing_behind():
    content = b"phone,notes\n" + b"\n".join(b"6001%05d,x" % number for number in range(1000))
    with pytest.raises(NotATable):
        load(gzip.compress(content))
    broken = bytearray((SAMPLES / "clientes.xlsx").read_bytes())
    middle = len(broken) // 3
    broken[middle : middle + 200] = bytes(200)
    with pytest.raises(NotATable):
        load(bytes(broken), name="clientes.xlsx")
    assert not Contact.objects.exists()
    assert not ContactList.objects.exists()

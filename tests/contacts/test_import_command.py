"""manage.py import_contacts, as people and programs call it."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from contacts.models import ConsentRecord, Contact, ContactList

SAMPLES = Path(__file__).parent / "samples"
EXCEL = SAMPLES / "clientes-excel-es.csv"
pytestmark = pytest.mark.django_db


def run(path, *options, **keywords):
    out = io.StringIO()
    call_command("import_contacts", str(path), *options, stdout=out, **{"contact_list": "Otoño"} | keywords)
    return out.getvalue()


def test_the_last_line_is_one_object_with_the_figures():
    figures = json.loads(run(EXCEL, "--json", basis="practice").splitlines()[-1])
    assert list(figures) == ["rows", "created", "updated", "unchanged", "merged", "rejected", "seconds"]
    assert (figures["rows"], figures["created"], figures["merged"], figures["rejected"]) == (125, 115, 1, 9)
    assert ContactList.objects.get().contacts.count() == ConsentRecord.objects.count() == 115


def test_people_read_each_refused_row_with_its_reason():
    output = run(EXCEL, "--dry-run")
    assert "row 124: There is no phone number. [blank]" in output
    assert "row 125: Emergency and short service numbers cannot be called. [short_number]" in output
    assert "nothing was written" in output
    assert not Contact.objects.exists()


def test_refused_rows_are_written_with_their_columns_and_the_reason(tmp_path):
    run(EXCEL, rejects=tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 9
    assert rows[-2]["Nombre y apellidos"] == "Sin teléfono"
    assert rows[-2]["Reason"] == "There is no phone number."


def test_mended_rejects_can_be_loaded_again(tmp_path):
    run(EXCEL, rejects=tmp_path / "rejects.csv")
    figures = json.loads(run(tmp_path / "rejects.csv", "--json", country="us").splitlines()[-1])
    assert (figures["rows"], figures["created"]) == (9, 7)


def test_rejects_are_cut_by_semicolons_for_excel_in_spanish(tmp_path):
    with translation.override("es"):
        run(EXCEL, rejects=tmp_path / "rejects.csv")
    content = (tmp_path / "rejects.csv").read_bytes()
    assert content.startswith("\ufeffNombre y apellidos;Teléfono móvil;".encode())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n \n;;\n", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "This is a picture, not a table."),
        (b"%PDF-1.7 ...", "This is a PDF document"),
        (b"<!DOCTYPE html><table></table>", "This is a web page"),
        (bytes(range(256)) * 20, "This file is no table."),
        (b"PK\x03\x04 broken", "it is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel format"),
        (b"Nombre;Correo\nAna;ana@example.com\n", "No column with phone numbers was found."),
        ("Querido señor:\nle escribo para saludarle.\n".encode(), "No column with phone numbers was found."),
    ],
)
def test_what_is_no_table_of_contacts_ends_with_code_2_and_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(path)
    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)
    assert not ContactList.objects.exists()


def test_a_missing_file_and_a_wrong_basis_end_with_code_2(tmp_path):
    for path, options in ((tmp_path / "none.csv", {}), (EXCEL, {"basis": "because"}), (EXCEL, {"country": "XX"})):
        with pytest.raises(CommandError) as refusal:
            run(path, **options)
        assert refusal.value.returncode == 2

"""Loading a file in the portal: choose, look, confirm, and fetch what was refused."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from callcenter import clock
from contacts.forms.import_form import LARGEST_UPLOAD_BYTES
from contacts.models import ConsentRecord, Contact, ContactList, Import

SAMPLES = Path(__file__).parent / "samples"
FORM = reverse("contacts:import")
CONFIRM = reverse("contacts:import-confirm")
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, alice):
    client.force_login(alice)
    return client


def choose(client, name="clientes-excel-es.csv", content=None, **answers):
    file = SimpleUploadedFile(name, content if content is not None else (SAMPLES / name).read_bytes())
    return client.post(FORM, {"file": file, "contact_list": "Otoño", "country": "ES", "basis": "contract"} | answers)


def confirm(client, preview, **changes):
    return client.post(CONFIRM, preview.context["confirm"].initial | changes)


def texts(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("name", "created"), [("clientes-excel-es.csv", 115), ("clientes.xlsx", 150)])
def test_a_file_is_looked_at_first_and_loaded_when_confirmed(desk, alice, name, created):
    preview = choose(desk, name)
    assert f'data-figure="created">{created}<' in texts(preview)
    assert not Contact.objects.exists()
    assert not ContactList.objects.exists()
    run = confirm(desk, preview)
    record = Import.objects.get()
    assert run.url == record.get_absolute_url()
    assert (record.user, record.created, record.file_name) == (alice, created, name)
    assert ConsentRecord.objects.filter(basis="contract", source=name).count() == created


def test_the_preview_tells_the_reasons_and_how_columns_are_read(desk):
    page = texts(choose(desk))
    assert "There is no phone number." in page
    assert '<td class="text-break">Nombre y apellidos</td> <td>name</td>' in page
    assert "further field" in page


def test_the_result_page_gives_the_refused_rows_to_mend(desk):
    confirm(desk, choose(desk))
    run = Import.objects.get()
    page = desk.get(run.get_absolute_url())
    assert "Emergency and short service numbers cannot be called." in texts(page)
    response = desk.get(reverse("contacts:import-rejects", args=[run.pk]))
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert len(rows) == run.rejected == 9
    assert rows[-1]["Teléfono móvil"] == "12345"
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is a PDF document"),
        (b"PK\x03\x04", "it is damaged"),
        (b"Nombre;Correo\nAna;a@b.es", "No column with phone numbers was found."),
    ],
)
def test_what_cannot_be_loaded_is_refused_at_the_field(desk, content, sentence):
    response = choose(desk, "file.csv", content)
    assert response.status_code == 422
    assert sentence in response.context["form"].errors["file"][0]
    assert 'id="import-form"' in texts(response)
    assert not default_storage.exists("imports")


@pytest.mark.parametrize(("answer", "value"), [("country", "XX"), ("basis", "because"), ("contact_list", " ")])
def test_a_wrong_answer_is_refused_at_its_field(desk, answer, value):
    response = choose(desk, **{answer: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [answer]


def test_a_file_too_large_for_a_page_is_refused(desk):
    response = choose(desk, "large.csv", b"phone\n" * (LARGEST_UPLOAD_BYTES // 6 + 1))
    assert response.status_code == 422
    assert "import command" in response.context["form"].errors["file"][0]


def test_nobody_loads_the_file_of_another_person(desk, admin):
    preview = choose(desk)
    desk.force_login(admin)
    assert confirm(desk, preview).url == FORM
    assert not Contact.objects.exists()


def test_a_forged_ticket_opens_nothing(desk):
    preview = choose(desk)
    for ticket in ("", "x", "../../etc/passwd"):
        assert confirm(desk, preview, ticket=ticket).url == FORM
    assert not Contact.objects.exists()


def test_a_file_is_forgotten_once_loaded_or_after_a_day(desk, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    preview = choose(desk)
    confirm(desk, preview)
    assert default_storage.listdir("imports")[1] == []
    assert confirm(desk, preview).url == FORM
    choose(desk)
    time_machine.shift(timedelta(days=1, minutes=1))
    choose(desk)
    assert len(default_storage.listdir("imports")[1]) == 1


def test_an_analyst_reads_results_without_numbers(desk, anna):
    confirm(desk, choose(desk))
    run = Import.objects.get()
    desk.force_login(anna)
    page = texts(desk.get(run.get_absolute_url()))
    assert "The number is too long" in page
    assert "555-0151" not in page
    assert desk.get(reverse("contacts:import-rejects", args=[run.pk])).status_code == 403

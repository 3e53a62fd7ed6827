"""Contacts in the admin: its own pages around our reader, our loader and our writer."""

import csv
import io
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from openpyxl import load_workbook

from accounts.models import AuditEntry
from callcenter import clock
from contacts.importing.headings import field_of
from contacts.models import ConsentRecord, Contact, ContactNumber, DoNotCallEntry, Import
from contacts.resources import ContactResource
from contacts.services import is_on_dnc
from tests.factories import make_call, make_campaign, make_contact, make_list, make_membership, make_turn, make_user

SAMPLES = Path(__file__).parent / "samples"
LIST = reverse("admin:contacts_contact_changelist")
IMPORT = reverse("admin:contacts_contact_import")
CONFIRM = reverse("admin:contacts_contact_process_import")
EXPORT = reverse("admin:contacts_contact_export")
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def upload(client, name, content=None, **answers):
    data = content if content is not None else (SAMPLES / name).read_bytes()
    fields = {"format": "1" if name.endswith("xlsx") else "0", "contact_list": "Otoño", "country": "ES", "basis": ""}
    return client.post(IMPORT, fields | {"resource": "0", "import_file": SimpleUploadedFile(name, data)} | answers)


def texts(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("name", "created", "refused"), [("clientes-excel-es.csv", 115, 9), ("clientes.xlsx", 150, 0)])
def test_a_file_is_previewed_and_loaded_through_the_admin(office, admin, name, created, refused):
    preview = upload(office, name, basis="contract")
    assert f"<td>{created}</td>" in texts(preview)
    assert not Contact.objects.exists()
    response = office.post(CONFIRM, preview.context["confirm_form"].initial)
    run = Import.objects.get()
    assert response.url == reverse("admin:contacts_import_change", args=[run.pk])
    assert (run.created, run.rejected, run.user, run.file_name) == (created, refused, admin, name)
    assert ConsentRecord.objects.filter(basis="contract").count() == created
    assert office.get(response.url).status_code == 200


def test_the_format_is_told_by_the_content_whatever_was_chosen(office):
    preview = upload(office, "clientes.xlsx", format="0")
    assert preview.context["figures"].created == 150


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "This is a PDF document"),
        (b"Nombre;Correo\nAna;a@b.es", "No column with phone numbers was found."),
    ],
)
def test_what_cannot_be_loaded_is_refused_at_the_field(office, content, sentence):
    response = upload(office, "file.csv", content)
    assert sentence in response.context["form"].errors["import_file"][0]
    assert "confirm_form" not in response.context


def test_a_confirmation_without_its_file_asks_for_it_again(office):
    answers = {"contact_list": "Otoño", "country": "ES", "format": "0", "original_file_name": "f.csv"}
    assert office.post(CONFIRM, answers | {"import_file_name": "../../etc/passwd"}).url == IMPORT


def test_the_import_pages_have_no_inline_scripts(office):
    for page in (office.get(IMPORT), upload(office, "clientes.xlsx"), office.get(EXPORT)):
        content = page.content.decode()
        assert " onchange=" not in content
        assert " onclick=" not in content
        assert "<script>" not in content


def exported(client, format_index):
    response = client.post(EXPORT, {"format": format_index, "resource": "0"})
    return response.content


def test_an_export_runs_no_formula_and_comes_in_again_unchanged(office):
    upload_and_confirm(office, "hostile.csv")
    content = exported(office, "0")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert all(not cell.startswith(("=", "@")) for row in rows for cell in row.values())
    assert {row["Phone"] for row in rows} == set(ContactNumber.objects.values_list("e164", flat=True))
    upload_and_confirm(office, "again.csv", content)
    run = Import.objects.latest("started_at")
    assert (run.rows, run.unchanged) == (6, 6)


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_import_understands_the_headings_of_an_export_in_its_language(office, language):
    with translation.override(language):
        headings = ContactResource().get_export_headers()
    assert [field_of(heading) for heading in headings] == list(ContactResource.Meta.fields)


def test_the_import_page_names_its_columns_in_the_readers_language(office, settings):
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    page = texts(office.get(IMPORT))
    assert "Nombre completo, Nombre de pila, Apellidos, Teléfono, Correo electrónico, Empresa, Idioma" in page


@pytest.mark.parametrize(
    ("page", "spanish", "english"),
    [
        (EXPORT, "Se exportarán estos campos: Nombre completo", "This exporter"),
        (reverse("admin:contacts_contact_add"), "Listas", "Contact list"),
    ],
)
def test_the_back_office_says_nothing_in_english_to_a_spanish_reader(office, settings, page, spanish, english):
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    words = " ".join(strip_tags(texts(office.get(page))).split())
    assert spanish in words
    assert english not in words


def test_an_excel_export_holds_texts_and_no_formulas(office):
    make_contact(full_name="=cmd|'/C calc'!A0")
    sheet = load_workbook(io.BytesIO(exported(office, "1"))).active
    assert sheet["A2"].value == "'=cmd|'/C calc'!A0"
    assert sheet["A2"].data_type == "s"


def upload_and_confirm(client, name, content=None):
    return client.post(CONFIRM, upload(client, name, content).context["confirm_form"].initial)


def test_whoever_may_not_load_or_export_is_turned_away(client):
    client.force_login(make_user(role="analyst", is_staff=True))
    for response in (client.get(IMPORT), client.post(CONFIRM), client.get(EXPORT)):
        assert response.status_code == 403


def test_staff_who_may_not_see_numbers_see_them_masked(client):
    make_contact(e164="+34611222333")
    client.force_login(make_user(role="analyst", is_staff=True))
    assert "••••••333" in texts(client.get(LIST))
    assert "611222" not in texts(client.get(LIST, {"q": "222333"}))
    assert "611222" not in texts(client.get(reverse("admin:contacts_contact_change", args=[Contact.objects.get().pk])))


def test_ten_more_contacts_cost_no_more_queries(office):
    counts = []
    for _round in range(2):
        make_list(*(make_contact() for _number in range(10)))
        with CaptureQueriesContext(connection) as queries:
            office.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_contact_is_made_with_a_number_as_people_write_it(office):
    response = office.post(
        reverse("admin:contacts_contact_add"),
        {
            "full_name": "Ana Gil",
            "extra": "{}",
            "numbers-TOTAL_FORMS": "1",
            "numbers-INITIAL_FORMS": "0",
            "numbers-0-e164": "611 22 23 33",
            "numbers-0-rank": "1",
            "consents-TOTAL_FORMS": "0",
            "consents-INITIAL_FORMS": "0",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )
    assert response.status_code == 302
    contact = Contact.objects.get()
    assert (contact.sort_name, contact.primary_number.e164) == ("ana gil", "+34611222333")
    assert contact.primary_number.time_zones == ["Atlantic/Canary", "Europe/Madrid"]
    assert AuditEntry.objects.filter(action="create_contact", subject_id=str(contact.pk)).exists()


def test_a_number_is_blocked_found_and_allowed_again(office, admin):
    office.post(reverse("admin:contacts_donotcallentry_add"), {"number": "611 222 333", "reason": "by letter"})
    entry = DoNotCallEntry.objects.get()
    assert (entry.e164, entry.created_by, entry.source) == ("+34611222333", admin, "back office")
    found = office.get(reverse("admin:contacts_donotcallentry_changelist"), {"q": "611 22 23 33"})
    assert "by letter" in texts(found)
    office.post(reverse("admin:contacts_donotcallentry_delete", args=[entry.pk]), {"post": "yes"})
    assert not is_on_dnc(e164="+34611222333", now=clock.now())
    assert AuditEntry.objects.filter(action="remove_from_dnc", user=admin).exists()


@pytest.mark.parametrize("name", ["contactlist", "consentrecord", "import", "donotcallentry"])
def test_every_list_opens_and_is_closed_to_agents(office, client, bob, name):
    make_list(make_contact())
    address = reverse(f"admin:contacts_{name}_changelist")
    assert office.get(address).status_code == 200
    client.force_login(bob)
    assert client.get(address).status_code == 302


def test_a_deleted_contact_is_erased_everywhere(office):
    call = make_call(status="completed", membership=make_membership(campaign=make_campaign(), status="done"))
    make_turn(call=call, heard="Soy Ana")
    address = reverse("admin:contacts_contact_delete", args=[call.contact.pk])
    assert office.post(address, {"post": "yes"}).url == LIST
    call.refresh_from_db()
    assert (call.to_number, call.turns.count(), Contact.objects.count()) == ("", 0, 0)
    assert AuditEntry.objects.filter(action="erase_contact").count() == 1


def test_several_contacts_are_erased_together_unless_one_is_in_a_call(office):
    idle, call = make_contact(), make_call(status="in_progress")
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [str(idle.pk), str(call.contact.pk)]}
    response = office.post(LIST, chosen, follow=True)
    assert "llamada" in texts(response) or "in a call" in texts(response)
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    ("obtained", "expires", "field"),
    [("2026-11-24", "", "obtained_at"), ("2026-11-20", "2026-11-20", "expires_at"), ("2026-11-20", "2027-11-20", None)],
)
@time_machine.travel("2026-11-23 12:00Z", tick=False)
def test_a_consent_was_given_already_and_ends_later_than_it_was_given(office, obtained, expires, field):
    parts = {"obtained_at": obtained, "expires_at": expires}
    moments = {f"{name}_0": day for name, day in parts.items()} | {
        f"{name}_1": "10:00" for name, day in parts.items() if day
    }
    person = {"contact": make_contact(basis="").pk, "basis": "consent", "source": "web form", "wording": ""}
    response = office.post(reverse("admin:contacts_consentrecord_add"), person | moments)
    assert ConsentRecord.objects.filter(source="web form").exists() is (field is None)
    if field:
        assert list(response.context["adminform"].form.errors) == [field]

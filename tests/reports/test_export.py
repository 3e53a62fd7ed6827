import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from calls.models import Call
from reports import exports
from tests.factories import make_campaign
from tests.reports.conftest import make_placed

pytestmark = pytest.mark.django_db
EXPORT = reverse("reports:export")


def rows_of_csv(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def rows_of_xlsx(response) -> list[tuple]:
    return list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)


@pytest.fixture
def reader(client, anna):
    client.force_login(anna)
    return client


def test_the_csv_holds_the_calls_behind_the_filters(reader, citas, ventas):
    rows = rows_of_csv(reader.get(EXPORT + "?format=csv&status=completed"))
    assert [row["Outcome"] for row in rows] == ["Interested", "Voicemail", "Asked not to be called"]
    first = rows[0]
    assert (first["Campaign"], first["Status"], first["Answered by"]) == ("Citas", "Completed", "Person")
    assert (first["Placed"], first["Length (seconds)"]) == ("2026-01-12 10:05:00", "60")
    assert first["Contact"].startswith("Persona")


def test_times_stand_in_the_zone_of_who_asks(reader, anna, citas):
    anna.time_zone = "America/Mexico_City"
    anna.save()
    assert rows_of_csv(reader.get(EXPORT + "?format=csv"))[0]["Placed"] == "2026-01-12 03:05:00"


def test_the_workbook_holds_the_same_calls_with_real_numbers_and_dates(reader, citas):
    headings, *rows = rows_of_xlsx(reader.get(EXPORT + "?format=xlsx"))
    assert len(rows) == 5
    first = dict(zip(headings, rows[0], strict=True))
    assert first["Length (seconds)"] == 60
    assert first["Placed"].isoformat() == "2026-01-12T10:05:00"


def test_a_spanish_reader_gets_a_spanish_file(reader, anna, citas):
    anna.language = "es"
    anna.save()
    text = b"".join(reader.get(EXPORT + "?format=csv").streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].count(";") == len(exports.FIELDS) - 1


@pytest.mark.parametrize(("kind", "read"), [("csv", rows_of_csv), ("xlsx", rows_of_xlsx)])
def test_numbers_are_whole_for_supervisors_and_masked_for_analysts(client, alice, anna, citas, kind, read):
    client.force_login(alice)
    assert "+34600" in str(read(client.get(f"{EXPORT}?format={kind}")))
    client.force_login(anna)
    masked = str(read(client.get(f"{EXPORT}?format={kind}")))
    assert "+34600" not in masked
    assert "+34 ••••••" in masked


def test_an_export_is_written_down(reader, anna, citas):
    reader.get(EXPORT + "?format=csv&status=busy")
    entry = AuditEntry.objects.get(action="calls_exported")
    assert entry.user == anna
    assert "status=busy" in entry.details["selection"]


def test_a_reader_without_the_right_to_export_may_only_look(reader, anna, citas):
    for group in anna.groups.all():
        group.permissions.remove(*group.permissions.filter(codename="export_report"))
    assert reader.get(EXPORT).status_code == 403
    assert EXPORT not in reader.get(reverse("reports:index")).content.decode()


@pytest.mark.parametrize(("most", "fits"), [(4, False), (5, True), (6, True)])
def test_a_workbook_takes_so_many_calls_and_no_more(citas, most, fits):
    placed = Call.objects.exclude(placed_at=None)
    assert exports.fits_a_workbook(placed, most=most) is fits


def test_a_name_that_looks_like_a_formula_stays_a_name(reader, today):
    call = make_placed(make_campaign(name="=2+2"), "2026-01-12T09:05", "busy")
    call.contact.full_name = "@SUM(A1)"
    call.contact.save()
    row = rows_of_csv(reader.get(EXPORT + "?format=csv"))[0]
    assert (row["Campaign"], row["Contact"]) == ("'=2+2", "'@SUM(A1)")


def test_calls_of_an_erased_contact_are_still_in_the_file(reader, today):
    make_placed(make_campaign(), "2026-01-12T09:05", "busy").contact.delete()
    assert rows_of_csv(reader.get(EXPORT + "?format=csv"))[0]["Contact"] == ""


def test_more_calls_cost_no_more_queries(reader, citas, django_assert_num_queries):
    with CaptureQueriesContext(connection) as before:
        rows_of_csv(reader.get(EXPORT + "?format=csv"))
    for _ in range(10):
        make_placed(make_campaign(), "2026-01-13T10:00", "busy")
    with django_assert_num_queries(len(before)):
        assert len(rows_of_csv(reader.get(EXPORT + "?format=csv"))) == 15

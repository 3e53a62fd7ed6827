"""Tables in and out, as people and spreadsheets really make them."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from callcenter.tabular import NotATable, csv_chunks, read_table, write_csv, write_xlsx

TABLE = [["Año", "Teléfono"], ["Peña; S.L.", "600111222"], ['dice "hola"', "a,b\tc|d"]]


def read(content: bytes) -> list[list[str]]:
    return [row.cells for row in read_table(io.BytesIO(content))[0].rows()]


def workbook(*rows, **sheets) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_text_is_read_in_every_encoding_and_delimiter(encoding, delimiter):
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in TABLE]
    assert read("\r\n".join(lines).encode(encoding)) == TABLE


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1;2;3\n4\n", [["a", "b"], ["1", "2", "3"], ["4"]]),
        ("a;b\n;\n\n  ;\t\n1;2", [["a", "b"], ["1", "2"]]),
        ('a;b\n"x\ny";2\n', [["a", "b"], ["x\ny", "2"]]),
        ("a;b\r1;2\r", [["a", "b"], ["1", "2"]]),
        ("sep=|\na|b;c\n", [["a", "b;c"]]),
        ("a;b\n1\0;2\n", [["a", "b"], ["1", "2"]]),
        ("phone\n600111222\n", [["phone"], ["600111222"]]),
        ("a;b\n'=1+1;'x\n", [["a", "b"], ["=1+1", "'x"]]),
    ],
)
def test_untidy_text_is_read_as_it_was_meant(text, rows):
    assert read(text.encode()) == rows


def test_a_quotation_mark_that_never_closes_costs_its_own_row_only():
    text = 'name;phone\n"Ana;600111222\nEva;600333444\n' + "Ida;600555666\n" * 10000
    rows = read(text.encode())
    assert rows[1:3] == [["Ana", "600111222"], ["Eva", "600333444"]]
    assert len(rows) == 10003


def test_one_damaged_letter_does_not_turn_a_whole_file_into_another_encoding():
    text = "Ñandú;ó\n".encode() * 10 + b"\xff;x\n"
    assert read(text)[0] == ["Ñandú", "ó"]


def test_rows_carry_their_number_in_the_file():
    (sheet,) = read_table(io.BytesIO(b"\n\na;b\n\n1;2\n"))
    assert [row.number for row in sheet.rows()] == [3, 5]
    assert [row.number for row in sheet.rows()] == [3, 5]


def test_cells_of_a_workbook_become_text():
    day = datetime(2026, 7, 17)
    content = workbook(["Título"], [], [600122316, 487.77, 34600123456.0, day, True, None, " x "])
    assert read(content)[1] == ["600122316", "487.77", "34600123456", "2026-07-17", "TRUE", "", "x"]


def test_every_visible_sheet_is_offered():
    sheets = read_table(io.BytesIO(workbook(["a"], Notas=[["b"]])))
    assert [(sheet.name, [row.cells for row in sheet.rows()]) for sheet in sheets] == [
        ("Sheet", [["a"]]),
        ("Notas", [["b"]]),
    ]


def test_a_wrong_dimension_does_not_hide_columns():
    content = workbook(["a", "b"], ["1", "2"])
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(changed, "w") as target:
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, data.replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:A1"'))
    assert read(changed.getvalue()) == [["a", "b"], ["1", "2"]]


def archive(**parts) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        (b"\x1f\x8b\x08", "compressed"),
        (archive(readme="hello"), "no Excel workbook"),
        (archive(xl__workbook_xml="<broken"), "damaged"),
        (archive(xl__workbook_xml="<x/>", xl__bomb_xml=bytes(100 << 20)), "unreasonable size"),
        (workbook(["a"])[:-300], "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, words):
    with pytest.raises(NotATable, match=words):
        read(content)


FORMULAS = ["=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_can_run_as_a_formula(text):
    sheet = io.BytesIO()
    write_xlsx([[text]], sheet, "x")
    cell = load_workbook(sheet).active["A1"]
    assert (cell.data_type, cell.value[0]) == ("s", "'")
    assert b"".join(csv_chunks([[text]])).decode().lstrip('\ufeff"').startswith("'")


@pytest.mark.parametrize("text", ["+34600123456", "-5", "-1,5", "Ana-María", "a=b", "", "'"])
def test_harmless_text_is_written_as_it_is(text):
    assert b"".join(csv_chunks([[text, "x"]])) == f"\ufeff{text},x\r\n".replace("-1,5", '"-1,5"').encode()


def test_csv_suits_excel_in_the_readers_language():
    rows = [["a", 1.5, Decimal("2.50"), None, True, date(2026, 1, 2), datetime(2026, 1, 2, 11, 0, tzinfo=UTC)]]
    with translation.override("es"):
        assert b"".join(csv_chunks(rows)).decode() == "\ufeffa;1,5;2,50;;TRUE;2026-01-02;2026-01-02 12:00:00\r\n"
    with translation.override("en"):
        assert b"".join(csv_chunks(rows)).decode() == "\ufeffa,1.5,2.50,,TRUE,2026-01-02,2026-01-02 12:00:00\r\n"


def test_csv_comes_in_chunks_and_is_read_back_as_written():
    rows = [["a", "b"], *([f"línea {number}", "x;y"] for number in range(1200))]
    chunks = list(csv_chunks(iter(rows)))
    assert len(chunks) == 3
    file = io.BytesIO()
    write_csv(rows, file)
    assert read(file.getvalue()) == rows


def test_a_workbook_is_written_with_numbers_dates_and_without_control_characters():
    file = io.BytesIO()
    write_xlsx([["a\x0bb", 5, datetime(2026, 1, 2, 11, 0, tzinfo=UTC), "x" * 40000]], file, "Calls: [today]/*")
    cells = next(load_workbook(file).active.iter_rows(values_only=True))
    assert cells[:3] == ("ab", 5, datetime(2026, 1, 2, 12, 0))
    assert len(cells[3]) == 32767

"""Tables out: CSV and XLSX that spreadsheets open well and that cannot run anything there.

A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV injection").
Plain signed numbers, such as a phone number, are none and stay as they are.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import get_language
from openpyxl import Workbook

from callcenter.tabular.table import FORMULA_STARTS, GUARD

BOM = "\ufeff"
"""Excel takes a CSV for UTF-8 only if it begins with this."""
ROWS_A_CHUNK = 500
SIGNED_NUMBER = re.compile(r"[+-]\d+(?:[.,]\d+)?")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONGEST_CELL = 32_767
LONGEST_TITLE = 31
NO_TITLE = re.compile(r"[\[\]:*?/\\']")

Cells = Sequence[Any]


def write_csv(rows: Iterable[Cells], file: IO[bytes]) -> None:
    for chunk in csv_chunks(rows):
        file.write(chunk)


def csv_chunks(rows: Iterable[Cells]) -> Iterator[bytes]:
    """UTF-8 with its mark, cut as Excel expects in the reader's language: by semicolons in Spanish, else commas."""
    is_spanish = (get_language() or "").startswith("es")
    buffer = io.StringIO(newline="")
    buffer.write(BOM)
    writer = csv.writer(buffer, delimiter=";" if is_spanish else ",", lineterminator="\r\n")
    for count, cells in enumerate(rows, start=1):
        writer.writerow([_csv_cell(value, decimal_comma=is_spanish) for value in cells])
        if count % ROWS_A_CHUNK == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def write_xlsx(rows: Iterable[Cells], file: IO[bytes], title: str) -> None:
    """One sheet, written as a stream; numbers and dates stay what they are, in the present time zone."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NO_TITLE.sub(" ", str(title))[:LONGEST_TITLE].strip() or None)
    for cells in rows:
        sheet.append([_xlsx_cell(value) for value in cells])
    book.save(file)


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it instead of running it."""
    text = CONTROLS.sub("", text)
    return GUARD + text if text.lstrip(" ").startswith(FORMULA_STARTS) and not SIGNED_NUMBER.fullmatch(text) else text


def _emptied(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return chunk


def _csv_cell(value: Any, *, decimal_comma: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",") if decimal_comma else str(value)
    if isinstance(value, datetime):
        return _local(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, int | date):
        return str(value)
    return harmless(str(value))


def _xlsx_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return _local(value)
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    return harmless(str(value))[:LONGEST_CELL]


def _local(value: datetime) -> datetime:
    """Spreadsheets know no time zones: the wall clock of the reader."""
    return timezone.make_naive(value) if timezone.is_aware(value) else value

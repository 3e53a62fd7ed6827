"""Excel workbooks (.xlsx), read as a stream."""

import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from callcenter.tabular.table import NotATable, Row, Sheet, unguarded

LARGEST_UNPACKED = 4 << 30
LARGEST_STRINGS = 512 << 20
"""The table of shared strings is the one part that is held in memory as a whole."""
SUSPICIOUS_SIZE = 64 << 20
SUSPICIOUS_RATIO = 200
"""Sheets of real numbers and names shrink to a tenth or a twentieth; a bomb, to a thousandth."""
ENCRYPTED_FLAG = 1
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    EOFError,
    KeyError,
    IndexError,
    AttributeError,
    ValueError,
    TypeError,
    NotImplementedError,
    RuntimeError,
)
"""All that openpyxl and zipfile raise over files that are broken in one way or another."""


def sheets(file: IO[bytes]) -> list[Sheet]:
    """The visible sheets with cells, in their order."""
    with _telling_damage():
        _refuse_bombs(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return [Sheet(name=sheet.title, rows=partial(_rows, sheet)) for sheet in visible]


@contextmanager
def _telling_damage() -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise NotATable(_("This file is no workbook, or it is damaged. Save it again as .xlsx or CSV.")) from error


def _refuse_bombs(file: IO[bytes]) -> None:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise NotATable(_("The workbook is protected by a password. Remove it and send the file again."))
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise NotATable(_("This file is compressed, but it is no Excel workbook. Send the table itself."))
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED or any(map(_is_bomb, parts)):
        raise NotATable(_("The workbook unpacks to an unreasonable size. Save it as CSV and send that."))


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    if part.filename == "xl/sharedStrings.xml" and part.file_size > LARGEST_STRINGS:
        return True
    return part.file_size > SUSPICIOUS_SIZE and part.file_size > SUSPICIOUS_RATIO * max(part.compress_size, 1)


def _rows(sheet: Any) -> Generator[Row, None, None]:
    sheet.reset_dimensions()  # many programs write a wrong <dimension>, and openpyxl would cut the rows to it
    with _telling_damage(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in values]
            if any(cells):
                yield Row(number, cells)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return unguarded(_storable(value).strip())
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, int | Decimal | date | time | timedelta):
        return str(value)
    return ""


def _storable(text: str) -> str:
    """A workbook can spell NUL (`_x0000_`) and halves of characters (`_xD800_`), which no database takes."""
    return text if text.isascii() and "\0" not in text else text.replace("\0", "").encode("utf-8", "replace").decode()

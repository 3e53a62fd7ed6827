"""Which kind of file this is, told by its content: names and media types lie."""

from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callcenter.tabular import text, workbook
from callcenter.tabular.table import NotATable, Sheet

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Microsoft's compound file: an .xls of Excel 97, or any workbook behind a password."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HEAD_BYTES = 4096
COMPOUND_HEAD_BYTES = 65536

OTHER_FILES: tuple[tuple[bytes, Promise], ...] = (
    (b"%PDF", _("This is a PDF document, not a table. Export the contacts as CSV or Excel (.xlsx).")),
    (b"\x89PNG", _("This is a picture, not a table.")),
    (b"\xff\xd8\xff", _("This is a picture, not a table.")),
    (b"GIF8", _("This is a picture, not a table.")),
    (b"\x1f\x8b", _("This file is compressed. Unpack it and send the table itself.")),
    (b"Rar!", _("This file is compressed. Unpack it and send the table itself.")),
    (b"7z\xbc\xaf", _("This file is compressed. Unpack it and send the table itself.")),
    (b"{\\rtf", _("This is a text document, not a table. Export the contacts as CSV or Excel (.xlsx).")),
)
MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml")


def read_table(file: IO[bytes]) -> list[Sheet]:
    """The sheets of a CSV or XLSX file, which must be seekable; raises `NotATable`.

    A text file offers one reading for each delimiter that may be meant, the likeliest first.
    """
    raw = _innermost(file)
    raw.seek(0)
    head = raw.read(HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise NotATable(_("The file is empty."))
    if head.startswith(ZIP):
        return workbook.sheets(raw)
    _refuse_other_kinds(raw, head)
    return text.sheets(raw)


def _innermost(file: Any) -> IO[bytes]:
    """The real file behind Django's and tempfile's wrappers, which lack parts of the interface."""
    while hasattr(file, "file"):
        file = file.file
    return file


def _refuse_other_kinds(file: IO[bytes], head: bytes) -> None:
    if head.startswith(COMPOUND):
        raise NotATable(_compound_message(file))
    for magic, message in OTHER_FILES:
        if head.startswith(magic):
            raise NotATable(message)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower().startswith(MARKUP):
        raise NotATable(_("This is a web page, not a table. Save it as CSV or Excel (.xlsx) and send that."))


def _compound_message(file: IO[bytes]) -> Promise:
    file.seek(0)
    if ENCRYPTED in file.read(COMPOUND_HEAD_BYTES):
        return _("The workbook is protected by a password. Remove it and send the file again.")
    return _("This is a workbook of the old Excel format (.xls). Save it as .xlsx or CSV and send that.")

"""One import, whoever asks for it: the command, the pages and the back office."""

from collections.abc import Iterator
from contextlib import closing
from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from callcenter import clock
from callcenter.tabular import NotATable, Row, Sheet, read_table
from contacts.importing import loading
from contacts.importing.headings import Columns, find_columns
from contacts.importing.refusal import ImportRefused
from contacts.importing.rejections import Rejections
from contacts.importing.result import Figures, ImportResult
from contacts.importing.rows import RowReader
from contacts.models import Basis, ContactList, Import
from contacts.phone import is_country

LONGEST_FILE_NAME = 255


def import_contacts(
    *,
    file: IO[bytes],
    file_name: str,
    contact_list: ContactList | str,
    country: str,
    basis: str = "",
    user: User | None = None,
    dry_run: bool = False,
) -> ImportResult:
    """Load a CSV or XLSX file into a list (made if it is only a name): all of it or, when this raises, nothing.

    Raises `NotATable` and `ImportRefused`, both with a message for the person who sent the file.
    """
    _check(contact_list, country, basis)
    started, rejections = clock.monotonic(), Rejections()
    sheet, columns = _sheet_with_contacts(read_table(file))
    run = Import(file_name=file_name[-LONGEST_FILE_NAME:], country=country, basis=basis, user=user)
    with transaction.atomic():
        loading.stage(RowReader(columns, country), _rows_below(columns, sheet), rejections)
        valid, distinct, created, changed = loading.compare(exclusive=not dry_run)
        run.rows, run.rejected, run.merged = valid + len(rejections), len(rejections), valid - distinct
        run.created, run.updated, run.unchanged = created, changed, distinct - created - changed
        if dry_run:
            transaction.set_rollback(True)
        else:
            _apply(run, contact_list, columns, rejections)
    seconds = round(clock.monotonic() - started, 3)
    return ImportResult(_figures(run, seconds), columns, sheet.name, rejections, None if dry_run else run)


def check_file(file: IO[bytes]) -> None:
    """Raises `NotATable` or `ImportRefused` for a file that holds no contacts at all."""
    _sheet_with_contacts(read_table(file))


def _check(contact_list: ContactList | str, country: str, basis: str) -> None:
    if isinstance(contact_list, str) and not 0 < len(contact_list.strip()) <= 150:
        raise ImportRefused(_("The list needs a name of at most 150 characters."), field="contact_list")
    if not is_country(country):
        message = _("“%(country)s” is no country. Give its two letters, such as ES or MX.")
        raise ImportRefused(message % {"country": country}, field="country")
    if basis and basis not in Basis.values:
        message = _("“%(basis)s” is no legal basis. Choose one of: %(codes)s.")
        raise ImportRefused(message % {"basis": basis, "codes": ", ".join(Basis.values)}, field="basis")


def _sheet_with_contacts(sheets: list[Sheet]) -> tuple[Sheet, Columns]:
    """The first sheet that has a phone column."""
    is_empty = True
    for sheet in sheets:
        with closing(sheet.rows()) as rows:
            columns = find_columns(rows)
        if columns:
            return sheet, columns
        with closing(sheet.rows()) as rows:
            is_empty = is_empty and next(rows, None) is None
    if is_empty:
        raise NotATable(_("The file is empty."))
    raise ImportRefused(_("No column with phone numbers was found. Name one “Phone” in the row of headings."))


def _rows_below(columns: Columns, sheet: Sheet) -> Iterator[Row]:
    return (row for row in sheet.rows() if row.number > columns.row_number)


def _apply(run: Import, contact_list: ContactList | str, columns: Columns, rejections: Rejections) -> None:
    if isinstance(contact_list, str):
        contact_list, _created = ContactList.objects.get_or_create(name=contact_list.strip())
    now = clock.now()
    run.contact_list = contact_list
    run.headings = columns.headings
    run.finished_at = now
    run.save(force_insert=True)
    loading.apply(run, now)
    loading.store_rejected(run, rejections)
    audit.record(
        action="import_contacts",
        subject=run,
        user=run.user,
        contact_list=str(contact_list.pk),
        rows=run.rows,
        created=run.created,
        updated=run.updated,
        rejected=run.rejected,
        basis=run.basis,
    )


def _figures(run: Import, seconds: float) -> Figures:
    return Figures(
        rows=run.rows,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        merged=run.merged,
        rejected=run.rejected,
        seconds=seconds,
    )

"""Contacts in the back office's import and export: its pages, our reader, our loader and our writer."""

import io
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.formats.base_formats import Format
from import_export.resources import ModelResource
from import_export.results import Error, Result, RowResult
from tablib import Dataset

from callcenter.tabular import NotATable, write_csv, write_xlsx
from contacts.importing import ImportRefused, ImportResult, check_file, import_contacts
from contacts.models import Contact

SHEET_TITLE = _("Contacts")


class TableFile(Dataset):
    """A file that was checked and not yet read: loading streams it."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content

    def __bool__(self) -> bool:
        return True


class TableFormat(Format):
    """CSV or XLSX; which of both comes in is told by its content."""

    title = ""
    extension = ""
    content_type = ""

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> TableFile:
        check_file(io.BytesIO(in_stream))
        return TableFile(in_stream)


class CsvFormat(TableFormat):
    title = "CSV"
    extension = "csv"
    content_type = "text/csv"

    def export_data(self, dataset: Dataset, **_options: Any) -> bytes:
        file = io.BytesIO()
        write_csv([dataset.headers, *dataset], file)
        return file.getvalue()


class XlsxFormat(TableFormat):
    title = "Excel (.xlsx)"
    extension = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset: Dataset, **_options: Any) -> bytes:
        file = io.BytesIO()
        write_xlsx([dataset.headers, *dataset], file, str(SHEET_TITLE))
        return file.getvalue()


class ContactResult(Result):
    """The counts of an import where import-export looks for them, and the whole of it in `load`."""

    load: ImportResult | None = None

    def take(self, load: ImportResult) -> None:
        figures = load.figures
        self.load = load
        self.total_rows = figures.rows
        self.totals[RowResult.IMPORT_TYPE_NEW] = figures.created
        self.totals[RowResult.IMPORT_TYPE_UPDATE] = figures.updated
        self.totals[RowResult.IMPORT_TYPE_SKIP] = figures.unchanged + figures.merged
        self.totals[RowResult.IMPORT_TYPE_INVALID] = figures.rejected


class ContactResource(ModelResource):
    """The headings of an export, in the reader's language, are among those that an import understands."""

    full_name = Field(attribute="full_name", column_name=_("Full name"))
    first_name = Field(attribute="first_name", column_name=_("First name"))
    last_name = Field(attribute="last_name", column_name=_("Last name"))
    phone = Field(column_name=_("Phone"))
    email = Field(attribute="email", column_name=_("E-mail"))
    company = Field(attribute="company", column_name=_("Company"))
    language = Field(attribute="language", column_name=_("Language"))
    time_zone = Field(attribute="time_zone", column_name=_("Time zone"))
    notes = Field(attribute="notes", column_name=_("Notes"))

    class Meta:
        model = Contact
        name = _("Contacts")
        fields = (
            "full_name",
            "first_name",
            "last_name",
            "phone",
            "email",
            "company",
            "language",
            "time_zone",
            "notes",
        )

    def dehydrate_phone(self, contact: Contact) -> str:
        number = contact.primary_number
        return number.e164 if number else ""

    def import_data(
        self,
        dataset: TableFile,
        dry_run: bool = False,  # noqa: FBT001, FBT002
        raise_errors: bool = False,  # noqa: FBT001, FBT002
        *_positional: Any,
        **options: Any,
    ) -> ContactResult:
        """Load the file by set-based statements; a refusal of the whole becomes a base error of the result."""
        result = ContactResult()
        answers = {name: options[name] for name in ("file_name", "contact_list", "country", "basis", "user")}
        try:
            result.take(import_contacts(file=io.BytesIO(dataset.content), dry_run=dry_run, **answers))
        except (NotATable, ImportRefused) as error:
            if raise_errors:
                raise
            result.append_base_error(Error(error))
        return result


def refusal_message(error: Exception) -> str | Promise | None:
    """What to tell the person who sent the file; None for any other trouble."""
    return error.message if isinstance(error, NotATable | ImportRefused) else None

from typing import Any

from django import forms
from import_export.forms import ConfirmImportForm, ImportForm

from contacts.forms.import_form import ImportOptionsForm

ANSWERS = ("contact_list", "country", "basis")


class ContactImportForm(ImportForm, ImportOptionsForm):
    """The file, and the three answers that every import needs."""

    field_order = ("resource", "import_file", "format", *ANSWERS)


class ContactConfirmForm(ConfirmImportForm, ImportOptionsForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ANSWERS:
            self.fields[name].widget = forms.HiddenInput()

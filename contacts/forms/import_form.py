from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from contacts.countries import country_choices
from contacts.models import Basis, ContactList

LARGEST_UPLOAD_BYTES = 25 * 1024 * 1024
"""About 250,000 rows, loaded within the seconds a page may take; larger files go through the command."""


class ImportOptionsForm(forms.Form):
    contact_list = forms.CharField(
        label=_("Contact list"),
        max_length=150,
        help_text=_("The name of a list, or of a new one."),
        widget=forms.TextInput(attrs={"class": "form-control", "list": "known-lists", "autocomplete": "off"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_("Numbers without an international prefix are numbers of this country."),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    basis = forms.ChoiceField(
        label=_("Legal basis"),
        required=False,
        help_text=_("Why these people may be called; it is recorded for each of them."),
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        self.fields["country"].initial = settings.DEFAULT_COUNTRY
        self.fields["basis"].choices = [("", _("None recorded")), *Basis.choices]  # type: ignore[attr-defined]

    def known_lists(self) -> list[str]:
        return list(ContactList.objects.values_list("name", flat=True)[:200])


class ImportFileForm(ImportOptionsForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), as your spreadsheet saves it."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    field_order = ("file", "contact_list", "country", "basis")

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD_BYTES:
            message = _("The file is larger than %(limit)s. Cut it into parts, or load it with the import command.")
            raise forms.ValidationError(message, params={"limit": filesizeformat(LARGEST_UPLOAD_BYTES)})
        return file


class ConfirmImportForm(ImportOptionsForm):
    """The same answers, carried unseen from the preview to the import."""

    ticket = forms.CharField()
    file_name = forms.CharField(max_length=255)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()

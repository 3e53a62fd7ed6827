"""import-export's pages around our own loader: the file, three answers, a dry run, the import."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm
from import_export.tmp_storages import MediaStorage

from contacts.access import may_see_numbers
from contacts.admin.import_forms import ANSWERS, ContactConfirmForm, ContactImportForm
from contacts.resources import ContactResource, ContactResult, CsvFormat, XlsxFormat, refusal_message
from contacts.uploads import DIRECTORY, forget_old_uploads

REJECTIONS_SHOWN = 100
TEXTS_OF_THE_LIBRARY = (
    gettext_noop("This exporter will export the following fields: "),
    gettext_noop("No valid data to import. Ensure your file has the correct headers or data for import."),
)
"""What import-export shows on these pages and has in no Spanish of its own."""


class ContactFiles(ImportExportMixin):
    resource_classes = [ContactResource]
    formats = [CsvFormat, XlsxFormat]
    import_form_class = ContactImportForm
    confirm_form_class = ContactConfirmForm
    export_form_class = ExportForm
    import_template_name = "contacts/admin/import.html"
    tmp_storage_class = MediaStorage

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("contacts.add_import")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return may_see_numbers(request.user) and request.user.has_perm("contacts.view_every_contact")

    def get_tmp_storage_class_kwargs(self) -> dict[str, str]:
        return {"MEDIA_FOLDER": DIRECTORY}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: forms.Form | None) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        return initial | ({name: import_form.cleaned_data[name] for name in ANSWERS} if import_form else {})

    def get_import_data_kwargs(self, **options: Any) -> dict[str, Any]:
        answers = {name: options["form"].cleaned_data[name] for name in ANSWERS}
        passed: dict[str, Any] = super().get_import_data_kwargs(**options)
        return passed | answers

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        if message := refusal_message(e):
            form.add_error("import_file", str(message))
        else:
            super().add_data_read_fail_error_to_form(form, e)

    def import_action(self, request: HttpRequest, **options: Any) -> HttpResponse:
        forget_old_uploads()
        response = super().import_action(request, **options)
        result = response.context_data.get("result")
        if result is not None and result.load is not None:
            response.context_data |= {
                "figures": result.load.figures,
                "rejections": result.load.rejections.first(REJECTIONS_SHOWN),
            }
        return response

    def process_import(self, request: HttpRequest, **options: Any) -> HttpResponse:
        try:
            return super().process_import(request, **options)
        except FileNotFoundError:
            messages.error(request, _("The file is no longer here. Please choose it again."))
            return redirect("admin:contacts_contact_import")

    def process_result(self, result: ContactResult, request: HttpRequest) -> HttpResponse:
        if result.load is None or result.load.record is None:
            messages.error(request, " ".join(str(error.error) for error in result.base_errors))
            return redirect("admin:contacts_contact_import")
        messages.success(request, _("The contacts are loaded."))
        return redirect("admin:contacts_import_change", result.load.record.pk)

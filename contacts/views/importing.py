from typing import IO, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from callcenter.tabular import NotATable, csv_chunks
from contacts.forms import ConfirmImportForm, ImportFileForm
from contacts.importing import ImportRefused, ImportResult, Rejection, import_contacts, reject_rows
from contacts.models import Import
from contacts.uploads import forget_upload, keep_upload, open_upload

FORM = "contacts/import_form.html"
PREVIEW = "contacts/import_preview.html"
RESULT = "contacts/import_result.html"
REJECTIONS_SHOWN = 100
ANSWERS = ("contact_list", "country", "basis")


@permission_required("contacts.add_import", raise_exception=True)
def import_file(request: StaffRequest) -> HttpResponse:
    """Ask for the file; then show what loading it would do."""
    if request.method != "POST":
        return render(request, FORM, {"form": ImportFileForm(initial={"contact_list": request.GET.get("list", "")})})
    form = ImportFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        result = _load(request, form, file=file, file_name=file.name, dry_run=True)
        if result is not None:
            return _preview(request, form, result)
    return render(request, FORM, {"form": form}, status=422)


@require_POST
@permission_required("contacts.add_import", raise_exception=True)
def confirm_import(request: StaffRequest) -> HttpResponse:
    form = ConfirmImportForm(request.POST)
    file = open_upload(form.cleaned_data["ticket"], request.user) if form.is_valid() else None
    if file is None:
        messages.error(request, _("The file is no longer here. Please choose it again."))
        return redirect("contacts:import")
    with file:
        result = _load(request, form, file=file, file_name=form.cleaned_data["file_name"], dry_run=False)
    if result is None or result.record is None:
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect("contacts:import")
    forget_upload(form.cleaned_data["ticket"], request.user)
    messages.success(request, _("The contacts are loaded."))
    return redirect(result.record)


@permission_required("contacts.view_import", raise_exception=True)
def import_result(request: StaffRequest, pk: UUID) -> HttpResponse:
    run = get_object_or_404(Import.objects.select_related("contact_list", "user"), pk=pk)
    context = {"run": run, "figures": run, "rejections": run.rejected_rows.all()[:REJECTIONS_SHOWN]}
    return render(request, RESULT, context)


@permission_required(["contacts.view_import", "contacts.see_numbers"], raise_exception=True)
def import_rejects(request: StaffRequest, pk: UUID) -> StreamingHttpResponse:
    """The refused rows as a table to mend and send again."""
    run = get_object_or_404(Import, pk=pk)
    rows = run.rejected_rows.order_by("row_number").iterator()
    rejections = (Rejection(row.row_number, row.reason_code, row.reason, row.cells) for row in rows)
    response = StreamingHttpResponse(csv_chunks(reject_rows(run.headings, rejections)), content_type="text/csv")
    name = slugify(run.file_name.rpartition(".")[0]) or "contacts"
    response["Content-Disposition"] = f'attachment; filename="{name}-{_("rejects")}.csv"'
    return response


def _load(
    request: StaffRequest, form: forms.Form, *, file: IO[bytes], file_name: str, dry_run: bool
) -> ImportResult | None:
    """None, with an error at the field that is to blame, where nothing can be loaded."""
    answers = {name: form.cleaned_data[name] for name in ANSWERS}
    try:
        return import_contacts(file=file, file_name=file_name, user=request.user, dry_run=dry_run, **answers)
    except NotATable as error:
        form.add_error("file" if "file" in form.fields else None, str(error))
    except ImportRefused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    return None


def _preview(request: StaffRequest, form: ImportFileForm, result: ImportResult) -> HttpResponse:
    file = form.cleaned_data["file"]
    answers: dict[str, Any] = {name: form.cleaned_data[name] for name in ANSWERS}
    file.seek(0)
    confirm = ConfirmImportForm(
        initial=answers | {"ticket": keep_upload(file, request.user), "file_name": file.name[-255:]}
    )
    context = {
        "confirm": confirm,
        "file_name": file.name,
        "answers": answers,
        "figures": result.figures,
        "mapping": result.mapping,
        "rejections": result.rejections.first(REJECTIONS_SHOWN),
    }
    return render(request, PREVIEW, context)

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from accounts import audit
from accounts.requests import StaffRequest
from calls.models import Call
from campaigns.models import Campaign
from contacts.access import may_see_numbers
from reports.exports import MOST_WORKBOOK_ROWS, export_csv, export_xlsx, fits_a_workbook
from reports.forms import ReportForm, Selection
from reports.queries import placed_calls, report_of

TEMPLATE = "reports/report.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@permission_required("reports.view_report", raise_exception=True)
def index(request: StaffRequest) -> HttpResponse:
    return _report(request, None)


@permission_required("reports.view_report", raise_exception=True)
def campaign_report(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _report(request, get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk))


def _report(request: StaffRequest, campaign: Campaign | None) -> HttpResponse:
    form = ReportForm(request.GET, user=request.user, campaign=campaign)
    selection = form.selection()
    report = report_of(user=request.user, selection=selection) if selection else None
    context = {"form": form, "campaign": campaign, "selection": selection, "report": report}
    response = render(request, f"{TEMPLATE}#report" if request.htmx else TEMPLATE, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@permission_required("reports.export_report", raise_exception=True)
def export(request: StaffRequest) -> HttpResponseBase:
    """The calls behind the filters as `?format=csv` or `xlsx`."""
    selection = ReportForm(request.GET, user=request.user).selection()
    if selection is None:
        return redirect(f"{reverse('reports:index')}?{request.GET.urlencode()}")
    calls = placed_calls(user=request.user, selection=selection)
    as_workbook = request.GET.get("format") == "xlsx"
    if as_workbook and not fits_a_workbook(calls):
        text = _("A workbook holds %(rows)d calls at the most: choose fewer days, or take CSV.")
        messages.error(request, text % {"rows": MOST_WORKBOOK_ROWS})
        return redirect(f"{reverse('reports:index')}?{selection.query}")
    audit.record(action="calls_exported", subject=request.user, user=request.user, selection=selection.query)
    with_numbers = may_see_numbers(request.user)
    return _workbook(calls, selection, with_numbers) if as_workbook else _csv(calls, selection, with_numbers)


def _csv(calls: QuerySet[Call], selection: Selection, with_numbers: bool) -> HttpResponseBase:  # noqa: FBT001
    chunks = export_csv(calls, with_numbers=with_numbers)
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(selection)}.csv"'
    return response


def _workbook(calls: QuerySet[Call], selection: Selection, with_numbers: bool) -> HttpResponseBase:  # noqa: FBT001
    file = export_xlsx(calls, with_numbers=with_numbers)
    name = f"{_file_name(selection)}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _file_name(selection: Selection) -> str:
    return f"calls-{selection.since}-{selection.until}"

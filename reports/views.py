from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.requests import StaffRequest
from campaigns.models import Campaign


@permission_required("reports.view_report", raise_exception=True)
def index(request: StaffRequest) -> HttpResponse:
    return render(request, "reports/index.html")


@permission_required("reports.view_report", raise_exception=True)
def campaign_report(request: StaffRequest, pk: UUID) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    return render(request, "reports/index.html", {"campaign": campaign})

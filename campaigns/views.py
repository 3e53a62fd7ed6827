from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.requests import StaffRequest
from campaigns.models import Campaign


@permission_required("campaigns.view_campaign", raise_exception=True)
def campaign_list(request: StaffRequest) -> HttpResponse:
    campaigns = Campaign.objects.visible_to(request.user)
    return render(request, "campaigns/campaign_list.html", {"campaigns": campaigns})


@permission_required("campaigns.view_campaign", raise_exception=True)
def campaign_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    return render(request, "campaigns/campaign_detail.html", {"campaign": campaign})

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts.requests import StaffRequest
from callcenter.paging import paginate
from campaigns.forms import CampaignFilterForm
from campaigns.models import Campaign
from campaigns.progress import progress_of_many

PAGE_SIZE = 25


@permission_required("campaigns.view_campaign", raise_exception=True)
def campaign_list(request: StaffRequest) -> HttpResponse:
    form = CampaignFilterForm(request.GET)
    campaigns = form.narrow(Campaign.objects.visible_to(request.user))
    page = paginate(campaigns, order=["-created_at", "-id"], cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)
    context = {"form": form, "page": page, "rows": progress_of_many(page.items).items()}
    template = "campaigns/campaign_list.html"
    response = render(request, f"{template}#campaign-rows" if request.htmx else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response

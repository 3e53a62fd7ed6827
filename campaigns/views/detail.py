from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers

from accounts.requests import StaffRequest
from callcenter.paging import Page, paginate
from campaigns.forms import ContactFilterForm
from campaigns.models import CallingRules, Campaign, CampaignContact
from campaigns.progress import progress_of
from campaigns.services import CampaignRefused
from campaigns.summary import rules_summary

TEMPLATE = "campaigns/campaign_detail.html"
PAGE_SIZE = 20


@permission_required("campaigns.view_campaign", raise_exception=True)
def campaign_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    if request.htmx:
        response = render(request, f"{TEMPLATE}#campaign-contacts", _contacts_context(request, campaign))
    else:
        response = detail_page(request, campaign)
    patch_vary_headers(response, ["HX-Request"])
    return response


@permission_required("campaigns.view_campaign", raise_exception=True)
def campaign_progress(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The live part of the page; without HTMX, the page itself."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    return progress_part(request, campaign) if request.htmx else redirect(campaign)


def detail_page(request: StaffRequest, campaign: Campaign, *, refusal: CampaignRefused | None = None) -> HttpResponse:
    rules = CallingRules.objects.filter(campaign=campaign).first()
    context = _contacts_context(request, campaign) | {
        "progress": progress_of(campaign),
        "refusal": refusal,
        "script": campaign.script,
        "rules": rules,
        "facts": rules_summary(rules) if rules else [],
        "lists": campaign.lists.all(),
        "changes": campaign.status_changes.select_related("user").order_by("-at", "-id")[:10],
    }
    return render(request, TEMPLATE, context, status=422 if refusal else 200)


def progress_part(request: StaffRequest, campaign: Campaign, *, refusal: CampaignRefused | None = None) -> HttpResponse:
    context = {"campaign": campaign, "progress": progress_of(campaign), "refusal": refusal}
    return render(request, f"{TEMPLATE}#campaign-progress", context, status=422 if refusal else 200)


def _contacts_context(request: StaffRequest, campaign: Campaign) -> dict[str, Any]:
    form = ContactFilterForm(request.GET)
    return {"campaign": campaign, "contact_form": form, "page": _contacts_page(request, campaign, form)}


def _contacts_page(request: StaffRequest, campaign: Campaign, form: ContactFilterForm) -> Page[CampaignContact]:
    memberships = form.narrow(CampaignContact.objects.filter(campaign=campaign)).select_related("contact")
    return paginate(memberships, order=["id"], cursor=request.GET.get("cursor", ""), size=PAGE_SIZE)

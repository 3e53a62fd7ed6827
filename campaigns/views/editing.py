from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from campaigns.forms import CampaignEditor
from campaigns.models import Campaign

TEMPLATE = "campaigns/campaign_form.html"


@permission_required("campaigns.add_campaign", raise_exception=True)
def create_campaign(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


@permission_required("campaigns.change_campaign", raise_exception=True)
def edit_campaign(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _edit(request, get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk))


def _edit(request: StaffRequest, campaign: Campaign | None) -> HttpResponse:
    editor = CampaignEditor(campaign=campaign, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and editor.is_valid() and (saved := editor.save(user=request.user)):
        messages.success(request, _("The campaign is saved."))
        return redirect(saved)
    name = Campaign.objects.values_list("name", flat=True).get(pk=campaign.pk) if campaign else ""
    context = {"editor": editor, "sections": list(editor.sections()), "campaign": campaign, "name": name}
    return render(request, TEMPLATE, context, status=422 if request.method == "POST" else 200)


@require_POST
def validate_field(request: StaffRequest, pk: UUID | None = None) -> HttpResponse:
    """What is wrong with one field of the form as it stands; nothing is stored."""
    if not request.user.has_perm("campaigns.change_campaign" if pk else "campaigns.add_campaign"):
        raise PermissionDenied
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk) if pk else None
    editor = CampaignEditor(campaign=campaign, data=request.POST)
    errors = editor.errors_of(request.GET.get("field", ""))
    return render(request, f"{TEMPLATE}#field-errors", {"errors": errors})

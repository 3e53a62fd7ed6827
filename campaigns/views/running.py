"""The buttons of a campaign: each a POST, one service, and the page that shows what came of it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.requests import StaffRequest
from callcenter import live
from campaigns.models import Campaign
from campaigns.services import CampaignRefused, add_new_contacts, pause_campaign, resume_campaign, start_campaign
from campaigns.views.detail import detail_page, progress_part

Deed = Callable[[Campaign, User], str]
"""Does it, and says in a few words what was done."""


def _answer(request: StaffRequest, pk: UUID, deed: Deed) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    try:
        done = deed(campaign, request.user)
    except CampaignRefused as refusal:
        campaign.refresh_from_db()
        answer = progress_part if request.htmx else detail_page
        return answer(request, campaign, refusal=refusal)
    if request.htmx:
        return live.toast(progress_part(request, campaign), "success", done)
    messages.success(request, done)
    return redirect(campaign)


@require_POST
@permission_required("campaigns.run_campaign", raise_exception=True)
def start(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _answer(request, pk, _start)


@require_POST
@permission_required("campaigns.run_campaign", raise_exception=True)
def pause(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _answer(request, pk, _pause)


@require_POST
@permission_required("campaigns.run_campaign", raise_exception=True)
def resume(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _answer(request, pk, _resume)


@require_POST
@permission_required("campaigns.run_campaign", raise_exception=True)
def add_contacts(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _answer(request, pk, _add_contacts)


def _start(campaign: Campaign, user: User) -> str:
    start_campaign(campaign=campaign, user=user)
    return _("The campaign is running.")


def _pause(campaign: Campaign, user: User) -> str:
    if not pause_campaign(campaign=campaign, user=user):
        raise CampaignRefused(_("Only a running campaign can be paused."))
    return _("The campaign is paused. Calls in progress go on to their end.")


def _resume(campaign: Campaign, user: User) -> str:
    resume_campaign(campaign=campaign, user=user)
    return _("The campaign is running again.")


def _add_contacts(campaign: Campaign, user: User) -> str:
    added = add_new_contacts(campaign=campaign, user=user)
    text = ngettext("%(count)d contact was added.", "%(count)d contacts were added.", added)
    return text % {"count": added}

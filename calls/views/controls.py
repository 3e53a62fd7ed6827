"""The four buttons: call now, cancel, reschedule, hang up. Each is a page that asks, and a POST to one service."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from accounts.models import User
from accounts.requests import StaffRequest
from callcenter.live import toast
from calls import services
from calls.access import visible_call
from calls.forms import CallNowForm, RescheduleForm
from calls.models import Call
from calls.providers.base import ProviderError
from calls.refusals import CallRefused
from calls.views.pages import show_parts, wants_part
from campaigns.models import Campaign
from contacts.models import Contact

UNPROCESSABLE = 422
may_control = permission_required("calls.control_call", raise_exception=True)


@require_http_methods(["GET", "POST"])
@may_control
def cancel(request: StaffRequest, call_id: UUID) -> HttpResponse:
    call = visible_call(request.user, call_id)
    if request.method == "GET":
        explanation = _("Nobody has answered it yet. The contact is not tried again in this campaign.")
        return _confirm(request, call, _("Cancel this call?"), explanation, _("Cancel the call"))
    return _act(request, call, lambda: services.cancel_call(call=call, user=request.user), _("The call was canceled."))


@require_http_methods(["GET", "POST"])
@may_control
def hang_up(request: StaffRequest, call_id: UUID) -> HttpResponse:
    call = visible_call(request.user, call_id)
    if request.method == "GET":
        explanation = _("The conversation ends at once, for the person too.")
        return _confirm(request, call, _("Hang up this call?"), explanation, _("Hang up"))
    return _act(request, call, lambda: _end(call, request.user), _("The call is being ended."))


@require_http_methods(["GET", "POST"])
@may_control
def reschedule(request: StaffRequest, call_id: UUID) -> HttpResponse:
    call = visible_call(request.user, call_id)
    form = RescheduleForm(_typed(request))
    if not form.is_valid():
        return _show_reschedule(request, call, form)
    at = form.cleaned_data["at"]
    return _act(
        request,
        call,
        lambda: services.reschedule_call(call=call, at=at, user=request.user),
        _("The call was rescheduled."),
    )


@require_http_methods(["GET", "POST"])
@may_control
def call_now(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    contact = _callable_contact(request.user, contact_id)
    form = CallNowForm(_typed(request), user=request.user, contact=contact, initial=request.GET.dict())
    if form.is_valid():
        try:
            call = services.call_now(contact=contact, campaign=form.cleaned_data["campaign"], user=request.user)
        except CallRefused as refused:
            form.add_error("campaign", str(refused))
        else:
            messages.success(request, _("The call is on its way."))
            return HttpResponseClientRedirect(call.get_absolute_url()) if request.htmx else redirect(call)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "calls/call_now.html", {"contact": contact, "form": form}, status=status)


def _typed(request: StaffRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _confirm(request: StaffRequest, call: Call, question: str, explanation: str, verb: str) -> HttpResponse:
    """The question on a page of its own, for browsers that open no dialog."""
    words = {"question": question, "explanation": explanation, "verb": verb}
    return render(request, "calls/confirm.html", {"call": call} | words)


def _show_reschedule(request: StaffRequest, call: Call, form: RescheduleForm) -> HttpResponse:
    template, dialog = "calls/reschedule.html", ""
    if wants_part(request):
        template, dialog = "calls/reschedule.html#reschedule-form", "reschedule-dialog"
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, template, {"call": call, "form": form, "id": dialog}, status=status)


def _callable_contact(user: User, contact_id: UUID) -> Contact:
    """A contact of a campaign that this user may see."""
    of_theirs = Contact.objects.filter(campaign_memberships__campaign__in=Campaign.objects.visible_to(user))
    return get_object_or_404(of_theirs.distinct(), pk=contact_id)


def _end(call: Call, user: User) -> None:
    if call.is_terminal:
        raise CallRefused(_("This call has ended already."))
    services.hang_up_call(call=call, user=user)


def _act(request: StaffRequest, call: Call, service: Callable[[], object], done: str) -> HttpResponse:
    """Ask the service, then show the call as it is now and say what came of it."""
    level, text = "success", done
    try:
        service()
    except (CallRefused, ProviderError) as refused:
        level, text = "error", str(refused)
    if not wants_part(request):
        messages.add_message(request, messages.SUCCESS if level == "success" else messages.ERROR, text)
        return redirect(call)
    response = show_parts(request, visible_call(request.user, call.pk), "acted-on")
    return toast(retarget(reswap(response, "outerHTML"), "#call-header"), level, text)

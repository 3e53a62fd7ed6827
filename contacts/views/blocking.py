from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from callcenter import clock
from callcenter.live import toast
from contacts.access import visible_contact
from contacts.forms import ReasonForm
from contacts.models import Contact
from contacts.services import add_to_dnc, dnc_entries_of, remove_from_dnc
from contacts.views.pages import detail_page, standing_part

SOURCE = "portal"


@require_POST
@permission_required("contacts.add_donotcallentry", raise_exception=True)
def block(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put every number of the contact on the do-not-call list."""
    contact = visible_contact(request.user, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, contact, form)
    for number in contact.numbers.all():
        add_to_dnc(e164=number.e164, reason=form.cleaned_data["reason"], source=SOURCE, user=request.user)
    return _done(request, contact, _("This contact will not be called any more."))


@require_POST
@permission_required("contacts.delete_donotcallentry", raise_exception=True)
def unblock(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = visible_contact(request.user, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, contact, form)
    for entry in dnc_entries_of(numbers=[number.e164 for number in contact.numbers.all()], now=clock.now()):
        remove_from_dnc(entry=entry, reason=form.cleaned_data["reason"], user=request.user)
    return _done(request, contact, _("This contact may be called again."))


def _refused(request: StaffRequest, contact: Contact, form: ReasonForm) -> HttpResponse:
    show = standing_part if request.htmx else detail_page
    return show(request, contact, form=form)


def _done(request: StaffRequest, contact: Contact, text: Promise) -> HttpResponse:
    if request.htmx:
        return toast(standing_part(request, contact), "success", text)
    messages.success(request, str(text))
    return redirect(contact)

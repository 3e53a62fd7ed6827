from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
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

    def block_numbers(numbers: list[str], reason: str) -> None:
        for e164 in numbers:
            add_to_dnc(e164=e164, reason=reason, source=SOURCE, user=request.user)

    return _change(request, pk, block_numbers, _("This contact will not be called any more."))


@require_POST
@permission_required("contacts.delete_donotcallentry", raise_exception=True)
def unblock(request: StaffRequest, pk: UUID) -> HttpResponse:
    def unblock_numbers(numbers: list[str], reason: str) -> None:
        for entry in dnc_entries_of(numbers=numbers, now=clock.now()):
            remove_from_dnc(entry=entry, reason=reason, user=request.user)

    return _change(request, pk, unblock_numbers, _("This contact may be called again."))


def _change(request: StaffRequest, pk: UUID, act: Callable[[list[str], str], None], done: Promise) -> HttpResponse:
    """Act on every number of the contact, or on none, for the reason that the form gives."""
    contact = visible_contact(request.user, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, contact, form)
    with transaction.atomic():
        act([number.e164 for number in contact.numbers.all()], form.cleaned_data["reason"])
    return _done(request, contact, done)


def _refused(request: StaffRequest, contact: Contact, form: ReasonForm) -> HttpResponse:
    show = standing_part if request.htmx else detail_page
    return show(request, contact, form=form)


def _done(request: StaffRequest, contact: Contact, text: Promise) -> HttpResponse:
    if request.htmx:
        return toast(standing_part(request, contact), "success", text)
    messages.success(request, str(text))
    return redirect(contact)

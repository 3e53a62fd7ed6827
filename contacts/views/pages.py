from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from accounts.requests import StaffRequest
from callcenter import clock
from callcenter.paging import Page, paginate
from contacts.access import may_see_numbers, visible_contact, visible_contacts
from contacts.forms import ContactFilterForm, ReasonForm
from contacts.models import Contact
from contacts.services import blocked_numbers, dnc_entries_of

LIST = "contacts/contact_list.html"
DETAIL = "contacts/contact_detail.html"


@permission_required("contacts.view_contact", raise_exception=True)
def contact_list(request: StaffRequest) -> HttpResponse:
    form = ContactFilterForm(request.GET, may_see_numbers=may_see_numbers(request.user))
    contacts = form.narrow(visible_contacts(request.user))
    page = paginate(contacts, order=["sort_name", "id"], cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "blocked": _blocked(page)}
    response = render(request, f"{LIST}#contact-rows" if request.htmx else LIST, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@permission_required("contacts.view_contact", raise_exception=True)
def contact_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    return detail_page(request, visible_contact(request.user, pk))


def detail_page(request: StaffRequest, contact: Contact, *, form: ReasonForm | None = None) -> HttpResponse:
    context = standing_context(contact, form) | {
        "consents": contact.consents.order_by("-obtained_at"),
        "lists": contact.lists.all(),
    }
    return render(request, DETAIL, context, status=422 if form else 200)


def standing_part(request: StaffRequest, contact: Contact, *, form: ReasonForm | None = None) -> HttpResponse:
    """The part of the page that says whether the contact may be called."""
    context = standing_context(contact, form)
    return render(request, f"{DETAIL}#contact-standing", context, status=422 if form else 200)


def standing_context(contact: Contact, form: ReasonForm | None) -> dict[str, Any]:
    number = contact.primary_number
    entry = dnc_entries_of(numbers=[number.e164], now=clock.now()).first() if number else None
    return {"contact": contact, "number": number, "dnc_entry": entry, "form": form or ReasonForm()}


def _blocked(page: Page[Contact]) -> set[UUID]:
    """Those contacts of the page whose number is on the do-not-call list."""
    numbers = {number.e164: contact.pk for contact in page.items if (number := contact.primary_number)}
    return {numbers[e164] for e164 in blocked_numbers(numbers=numbers, now=clock.now())}

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.requests import StaffRequest
from contacts.access import visible_contact
from contacts.forms import ContactForm
from contacts.models import Contact


@permission_required("contacts.add_contact", raise_exception=True)
def create_contact(request: StaffRequest) -> HttpResponse:
    return _edit(request, Contact())


@permission_required(["contacts.change_contact", "contacts.see_numbers"], raise_exception=True)
def edit_contact(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _edit(request, visible_contact(request.user, pk))


def _edit(request: StaffRequest, contact: Contact) -> HttpResponse:
    is_new, name = contact._state.adding, str(contact)
    form = ContactForm(request.POST if request.method == "POST" else None, instance=contact)
    if form.is_bound and form.is_valid() and (saved := form.store(request.user)):
        messages.success(request, _("The contact is saved."))
        return redirect(saved)
    context = {"form": form, "contact": None if is_new else contact, "name": name}
    return render(request, "contacts/contact_form.html", context, status=422 if form.is_bound else 200)

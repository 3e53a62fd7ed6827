from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from accounts import audit
from callcenter import clock
from contacts.access import may_see_numbers, shown_number
from contacts.admin.contact_importing import ContactFiles
from contacts.admin.person_actions import PersonActions
from contacts.models import ConsentRecord, Contact, ContactListMembership, ContactNumber
from contacts.names import joined_name, sort_name
from contacts.personal_data import erase_person
from contacts.phone import NotANumber, parse_number
from contacts.services import ContactRefused


class ContactNumberForm(forms.ModelForm):
    """A number as people write it; what it says of its country, kind and zones is stored with it."""

    e164 = forms.CharField(label=_("number"), max_length=40)

    class Meta:
        model = ContactNumber
        fields = ("e164", "rank")

    def clean_e164(self) -> str:
        try:
            number = parse_number(self.cleaned_data["e164"], settings.DEFAULT_COUNTRY)
        except NotANumber as refusal:
            raise forms.ValidationError(refusal.reason, code=refusal.code) from refusal
        self.instance.country, self.instance.kind = number.country, number.kind
        self.instance.time_zones = list(number.time_zones)
        return number.e164


class Numbers(admin.TabularInline):
    model = ContactNumber
    form = ContactNumberForm
    extra = 0
    min_num = 1


class Consents(admin.TabularInline):
    model = ConsentRecord
    extra = 0


class ListForm(forms.ModelForm):
    class Meta:
        model = ContactListMembership
        fields = ("contact_list",)
        labels = {"contact_list": _("List")}


class Lists(admin.TabularInline):
    model = ContactListMembership
    form = ListForm
    verbose_name, verbose_name_plural = _("list"), _("lists")
    extra = 0
    autocomplete_fields = ["contact_list"]


@admin.register(Contact)
class ContactAdmin(ContactFiles, PersonActions):
    search_fields = ["full_name", "sort_name", "email", "company", "numbers__e164"]
    list_filter = ["language", "last_disposition", "created_at"]
    fields = [
        "full_name",
        ("first_name", "last_name"),
        ("email", "company"),
        ("language", "time_zone"),
        "notes",
        "extra",
        ("call_count", "last_called_at", "last_disposition"),
        ("created_at", "updated_at"),
    ]
    readonly_fields = ["call_count", "last_called_at", "last_disposition", "created_at", "updated_at"]
    inlines = [Numbers, Consents, Lists]
    ordering = ["sort_name", "id"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        return Contact.objects.visible_to(request.user).prefetch_related("numbers")  # type: ignore[arg-type]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return ["__str__", _number_of(request.user), "email", "company", "call_count", "last_called_at", "created_at"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        hidden = [] if may_see_numbers(request.user) else ["numbers__e164"]
        return [name for name in self.search_fields if name not in hidden]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_see_numbers(request.user) and super().has_change_permission(request, obj)

    def get_inlines(self, request: HttpRequest, obj: Contact | None) -> Any:
        return self.inlines if may_see_numbers(request.user) else [Consents, Lists]

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.full_name = obj.full_name or joined_name(obj.first_name, obj.last_name)
        obj.sort_name = sort_name(obj.full_name)
        obj.updated_at = clock.now()
        super().save_model(request, obj, form, change)
        action = "change_contact" if change else "create_contact"
        audit.record(action=action, subject=obj, user=request.user)  # type: ignore[arg-type]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Whoever may delete a contact may erase the person: what hangs on it needs no permission of its own."""
        shown, counts, _needed, protected = super().get_deleted_objects(objs, request)
        return shown, counts, set(), protected

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._unless_refused(request, partial(super().delete_view, request, *args, **kwargs))

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._unless_refused(request, partial(super().response_action, request, *args, **kwargs))

    def _unless_refused(self, request: HttpRequest, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except ContactRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def delete_model(self, request: HttpRequest, obj: Contact) -> None:
        """A deleted contact is an erased person: what other apps hold of them goes too."""
        subject = Contact(pk=obj.pk)
        erase_person(obj)
        audit.record(action="erase_contact", subject=subject, user=request.user)  # type: ignore[arg-type]

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        for contact in queryset:
            self.delete_model(request, contact)


def _number_of(user: Any) -> Callable[[Contact], str]:
    @admin.display(description=_("number"))
    def number(contact: Contact) -> str:
        primary = contact.primary_number
        return shown_number(user, primary.e164) if primary else ""

    return number

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.access import may_see_numbers, shown_number
from contacts.models import DoNotCallEntry
from contacts.phone import NotANumber, PhoneNumber, parse_number
from contacts.services import add_to_dnc, remove_from_dnc

SOURCE = "back office"


class DoNotCallForm(forms.ModelForm):
    number = forms.CharField(label=gettext_lazy("number"), max_length=40)

    class Meta:
        model = DoNotCallEntry
        fields = ("reason", "expires_at")

    def clean_number(self) -> PhoneNumber:
        try:
            return parse_number(self.cleaned_data["number"], settings.DEFAULT_COUNTRY)
        except NotANumber as refusal:
            raise forms.ValidationError(refusal.reason, code=refusal.code) from refusal


@admin.register(DoNotCallEntry)
class DoNotCallEntryAdmin(admin.ModelAdmin):
    """Entries are added and removed, never changed; both go through the services, which keep the audit trail."""

    form = DoNotCallForm
    list_filter = ["source", "created_at"]
    search_fields = ["reason"]
    search_help_text = gettext_lazy("A whole number, or words of the reason")
    list_select_related = ["created_by"]
    ordering = ["-created_at"]
    list_per_page = 50
    show_full_result_count = False

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        @admin.display(description=gettext_lazy("number"))
        def number(entry: DoNotCallEntry) -> str:
            return shown_number(request.user, entry.e164) if entry.e164 else str(entry)

        return [number, "reason", "source", "created_by", "created_at", "expires_at"]

    def get_fields(self, request: HttpRequest, obj: DoNotCallEntry | None = None) -> list[Any]:
        if obj is None:
            return ["number", "reason", "expires_at"]
        shown = ["reason", "source", "created_by", "created_at", "expires_at"]
        return ["e164", *shown] if may_see_numbers(request.user) else shown

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[DoNotCallEntry], search_term: str
    ) -> tuple[QuerySet[DoNotCallEntry], bool]:
        try:
            number = parse_number(search_term, settings.DEFAULT_COUNTRY)
        except NotANumber:
            return super().get_search_results(request, queryset, search_term)
        return queryset & DoNotCallEntry.objects.of_numbers([number.e164]), False

    def save_model(self, request: HttpRequest, obj: DoNotCallEntry, form: Any, change: bool) -> None:  # noqa: FBT001
        number: PhoneNumber = form.cleaned_data["number"]
        entry = add_to_dnc(
            e164=number.e164,
            reason=obj.reason,
            source=SOURCE,
            user=request.user,  # type: ignore[arg-type]
            expires_at=obj.expires_at,
        )
        obj.__dict__.update(entry.__dict__)

    def delete_model(self, request: HttpRequest, obj: DoNotCallEntry) -> None:
        remove_from_dnc(entry=obj, reason=_("Removed in the back office"), user=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[DoNotCallEntry]) -> None:
        for entry in queryset:
            self.delete_model(request, entry)

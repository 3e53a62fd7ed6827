from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.access import may_see_numbers
from contacts.models import ConsentRecord, ContactList, Import

REJECTIONS_SHOWN = 100


@admin.register(ContactList)
class ContactListAdmin(admin.ModelAdmin):
    list_display = ["name", "size", "created_at"]
    search_fields = ["name"]
    readonly_fields = ["created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactList]:
        return super().get_queryset(request).annotate(size=Count("memberships"))

    @admin.display(description=_("contacts"), ordering="size")
    def size(self, contact_list: ContactList) -> int:
        return contact_list.size  # type: ignore[attr-defined]


@admin.register(ConsentRecord)
class ConsentRecordAdmin(admin.ModelAdmin):
    list_display = ["contact", "basis", "source", "obtained_at", "expires_at"]
    list_filter = ["basis", "obtained_at"]
    search_fields = ["source", "contact__full_name"]
    autocomplete_fields = ["contact"]
    list_select_related = ["contact"]
    ordering = ["-obtained_at"]
    list_per_page = 50
    show_full_result_count = False


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    """History: what was loaded, by whom, and which rows were refused."""

    list_display = [
        "file_name",
        "contact_list",
        "user",
        "rows",
        "created",
        "updated",
        "unchanged",
        "merged",
        "rejected",
        "started_at",
    ]
    list_filter = ["started_at", "basis"]
    search_fields = ["file_name", "contact_list__name"]
    list_select_related = ["contact_list", "user"]
    list_per_page = 50
    fields = [
        ("file_name", "contact_list"),
        ("country", "basis", "user"),
        ("started_at", "finished_at"),
        ("rows", "created", "updated", "unchanged", "merged", "rejected"),
        "refused_rows",
    ]
    readonly_fields = ["refused_rows"]

    def get_fields(self, request: HttpRequest, obj: Import | None = None) -> list[Any]:
        shown = list(self.fields)
        return shown if may_see_numbers(request.user) else shown[:-1]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("refused rows"))
    def refused_rows(self, run: Import) -> SafeString:
        rows = run.rejected_rows.all()[:REJECTIONS_SHOWN]
        lines = ((row.row_number, row.reason, " · ".join(row.cells)[:200]) for row in rows)
        table = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", lines)
        return format_html(
            '<table><tbody>{}</tbody></table><a href="{}">{}</a>', table, run.get_absolute_url(), _("All figures")
        )

"""Calls in the back office: history to read and search. What changes a call is a button of the portal."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from calls.models import Call, CallEvent, Recording, SpeechClip, Turn, WebhookReceipt
from contacts.access import may_see_numbers
from contacts.phone import display, mask


class History(admin.ModelAdmin):
    """Rows to read, of the calls that this user may see."""

    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        calls = Call.objects.visible_to(request.user)  # type: ignore[arg-type]
        return super().get_queryset(request).filter(call__in=calls)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("call"))
    def call_page(self, row: Any) -> SafeString:
        call = row if isinstance(row, Call) else row.call
        return format_html('<a href="{}">{}</a>', call.get_absolute_url(), _("Open the call"))


class RowsOfACall(admin.TabularInline):
    """A call's own rows, below it."""

    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class TurnRows(RowsOfACall):
    model = Turn
    fields = ["sequence", "kind", "status", "heard", "said", "was_interrupted", "first_words_ms"]
    ordering = ["sequence"]


class EventRows(RowsOfACall):
    model = CallEvent
    fields = ["at", "kind", "from_status", "to_status", "source", "reason"]


@admin.register(Call)
class CallAdmin(History):
    list_display = ["id", "contact", "campaign", "attempt_number", "status", "answered_by", "disposition", "placed_at"]
    list_filter = ["status", "answered_by", "disposition", "transport"]
    list_select_related = ["contact", "campaign"]
    search_fields = ["=carrier_sid", "contact__full_name"]
    inlines = [EventRows, TurnRows]
    readonly_fields = ["number", "masked_number", "call_page"]
    exclude = ["to_number", "number_hash", "lease_expires_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        return Call.objects.visible_to(request.user)  # type: ignore[arg-type]

    def get_fields(self, request: HttpRequest, obj: Call | None = None) -> list[Any]:
        hidden = "masked_number" if may_see_numbers(request.user) else "number"
        return [name for name in super().get_fields(request, obj) if name != hidden]

    @admin.display(description=_("number"))
    def number(self, call: Call) -> str:
        return display(call.to_number)

    @admin.display(description=_("number"))
    def masked_number(self, call: Call) -> str:
        return mask(call.to_number)


@admin.register(Turn)
class TurnAdmin(History):
    list_display = ["id", "call_page", "sequence", "kind", "status", "was_interrupted", "first_words_ms", "at"]
    list_filter = ["kind", "status", "was_interrupted"]
    list_select_related = ["call"]


@admin.register(CallEvent)
class CallEventAdmin(History):
    list_display = ["id", "call_page", "at", "kind", "from_status", "to_status", "source", "reason"]
    list_filter = ["kind", "source", "to_status"]
    list_select_related = ["call"]


@admin.register(Recording)
class RecordingAdmin(History):
    """The sound itself is heard on the call's page, which keeps account of who listens."""

    list_display = ["id", "call_page", "status", "duration_seconds", "announced_at", "stored_at"]
    list_filter = ["status"]
    list_select_related = ["call"]
    exclude = ["file"]


@admin.register(WebhookReceipt)
class WebhookReceiptAdmin(History):
    list_display = ["id", "call_page", "kind", "key", "received_at"]
    list_filter = ["kind"]
    list_select_related = ["call"]
    exclude = ["body"]


@admin.register(SpeechClip)
class SpeechClipAdmin(History):
    list_display = ["key", "voice", "language", "characters", "duration_ms", "bytes", "is_fixed", "last_used_at"]
    list_filter = ["voice", "language", "is_fixed"]
    exclude = ["file"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SpeechClip]:
        return SpeechClip.objects.all()

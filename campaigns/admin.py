"""The back office of campaigns: search, look, correct. Pausing and resuming call the services; history is read-only."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import StaffRequest
from campaigns.models import CallingRules, Campaign, CampaignContact, CampaignStatusChange, Script
from campaigns.services import CampaignRefused, pause_campaign, resume_campaign


class ReadOnly:
    """Rows that the system writes: nobody adds, changes or deletes them by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RulesInline(admin.StackedInline):
    model = CallingRules
    extra = 0


class ScriptInline(ReadOnly, admin.TabularInline):
    """A version never changes once a call has used it: the portal writes the next one."""

    model = Script
    extra = 0
    fields = ("version", "language", "disclosure", "opening", "created_at", "created_by")
    readonly_fields = ("version", "language", "disclosure", "opening", "created_at", "created_by")


class StatusChangeInline(ReadOnly, admin.TabularInline):
    model = CampaignStatusChange
    extra = 0
    fields = ("at", "from_status", "to_status", "user", "words")
    readonly_fields = ("at", "from_status", "to_status", "user", "words")

    @admin.display(description=gettext_lazy("reason"))
    def words(self, change: CampaignStatusChange) -> str:
        return change.words


@admin.register(Campaign)
class CampaignAdmin(admin.ModelAdmin):
    list_display = [
        "name",
        "status",
        "kind",
        "required_basis",
        "transport",
        "created_at",
        "created_by",
    ]
    list_filter = ["status", "kind", "required_basis", "transport", "recording"]
    list_select_related = ["created_by"]
    search_fields = ["name"]
    date_hierarchy = "created_at"
    filter_horizontal = ["lists", "agents"]
    readonly_fields = [
        "status",
        "status_words",
        "created_by",
        "created_at",
        "started_at",
        "finished_at",
        "spent_micros",
    ]
    exclude = ["status_reason"]
    inlines = [RulesInline, ScriptInline, StatusChangeInline]
    actions = ["pause", "resume"]

    @admin.display(description=gettext_lazy("reason"))
    def status_words(self, campaign: Campaign) -> str:
        return campaign.status_words

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:  # noqa: FBT001
        """Only what was typed: the campaign may have moved since the page was opened."""
        if change:
            obj.save(update_fields=[name for name in form.changed_data if name not in ("lists", "agents")])
        else:
            obj.created_by = request.user  # type: ignore[assignment]
            super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Pause the chosen campaigns"), permissions=["run"])
    def pause(self, request: StaffRequest, campaigns: QuerySet[Campaign]) -> None:
        paused = sum(pause_campaign(campaign=campaign, user=request.user) for campaign in campaigns)
        self.message_user(request, _("Paused: %(count)d.") % {"count": paused}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Resume the chosen campaigns"), permissions=["run"])
    def resume(self, request: StaffRequest, campaigns: QuerySet[Campaign]) -> None:
        for campaign in campaigns:
            try:
                resume_campaign(campaign=campaign, user=request.user)
                self.message_user(request, _("%(name)s is running again.") % {"name": campaign.name})
            except CampaignRefused as refusal:
                self.message_user(request, f"{campaign.name}: {refusal.message}", messages.ERROR)

    def has_run_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("campaigns.run_campaign")


@admin.register(CampaignContact)
class CampaignContactAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["contact", "campaign", "status", "attempts", "next_attempt_at", "reason", "disposition"]
    list_filter = ["status", "reason", "disposition", "is_callback", "campaign"]
    list_select_related = ["contact", "campaign"]
    search_fields = ["contact__full_name", "contact__numbers__e164"]
    show_full_result_count = False
    raw_id_fields = ["contact", "campaign"]


@admin.register(Script)
class ScriptAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["campaign", "version", "language", "created_at", "created_by"]
    list_filter = ["language"]
    list_select_related = ["campaign", "created_by"]
    search_fields = ["campaign__name", "purpose"]

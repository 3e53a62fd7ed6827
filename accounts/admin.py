"""Users, roles and the audit trail in the back office."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import AuditEntry, User
from accounts.permissions import ROLE_LABELS

SUPERUSERS_ONLY = ("is_superuser", "user_permissions")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    ordering = ["email"]
    list_display = ["email", "name", "roles", "is_active", "is_staff", "last_login"]
    list_filter = ["groups", "is_active", "is_staff"]
    search_fields = ["email", "name"]
    filter_horizontal = ["groups", "user_permissions"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "language", "time_zone"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "groups", *SUPERUSERS_ONLY]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "name", "password1", "password2", "groups"]})]

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(sorted(str(ROLE_LABELS.get(group.name, group.name)) for group in user.groups.all()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Nobody lifts themselves, or anyone else, above their own rights."""
        return [*self.readonly_fields, *(() if _is_superuser(request) else SUPERUSERS_ONLY)]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        record(action="user_created", subject=obj, user=cast(User, request.user))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        record(action="user_changed", subject=obj, user=cast(User, request.user), fields=_changed_fields(message))
        return super().log_change(request, obj, message)


def _changed_fields(message: Any) -> list[str]:
    """The names of changed fields in the message that Django's admin builds; never their values."""
    parts = message if isinstance(message, list) else []
    return [field for part in parts for field in part.get("changed", {}).get("fields", [])]


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return _is_superuser(request) or not (user and user.is_superuser)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    """History is read, never written, here."""

    date_hierarchy = "at"
    list_display = ["at", "user", "action", "subject_type", "subject_id"]
    list_filter = ["action", "subject_type"]
    list_select_related = ["user"]
    search_fields = ["subject_id", "user__email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

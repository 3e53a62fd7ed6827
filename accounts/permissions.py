"""Who may do what: the role table as data, written to the groups after every migration."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

ROLES: dict[str, tuple[str, ...]] = {
    "administrator": ("accounts.*", "auth.*_group", "contacts.*", "campaigns.*", "calls.*", "reports.*"),
    "supervisor": ("accounts.view_*", "contacts.*", "campaigns.*", "calls.*", "reports.*"),
    "agent": (
        "contacts.view_contact*",
        "campaigns.view_campaign",
        "campaigns.view_campaigncontact",
        "campaigns.view_script",
        "calls.view_*",
        "calls.control_call",
        "calls.listen_recording",
    ),
    "analyst": ("contacts.view_*", "campaigns.view_*", "calls.view_*", "reports.view_*", "reports.export_*"),
}
"""Role -> patterns of `app.codename`. Agents see only the campaigns they are assigned to: they lack
`campaigns.view_every_campaign`, which the patterns of the other roles include."""

ROLE_LABELS = {
    "administrator": _("Administrator"),
    "supervisor": _("Supervisor"),
    "agent": _("Agent"),
    "analyst": _("Analyst"),
}

BACK_OFFICE_ROLES = ("administrator", "supervisor")
"""Roles whose new users may enter the back office."""


def sync_roles() -> None:
    """Make the groups hold exactly the permissions of the table. Running it again changes nothing."""
    permissions = list(Permission.objects.select_related("content_type"))
    with transaction.atomic():
        for role, patterns in ROLES.items():
            group, _created = Group.objects.get_or_create(name=role)
            group.permissions.set(_matching(permissions, patterns))


def _matching(permissions: Iterable[Permission], patterns: tuple[str, ...]) -> list[Permission]:
    return [
        permission
        for permission in permissions
        if any(fnmatchcase(f"{permission.content_type.app_label}.{permission.codename}", name) for name in patterns)
    ]


def sync_after_migrate() -> None:
    """Ask for `sync_roles` once a migration has made the permissions of every app."""
    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    post_migrate.connect(_sync, sender=last, dispatch_uid="accounts.permissions")


def _sync(**_signal: object) -> None:
    sync_roles()

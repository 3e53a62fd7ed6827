"""The role table, as the groups hold it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.permissions import ROLES, sync_roles

pytestmark = pytest.mark.django_db


def permissions_of(role: str) -> set[str]:
    rows = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def test_the_four_roles_exist_after_migrate():
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


@pytest.mark.parametrize(
    ("role", "permission", "granted"),
    [
        ("administrator", "accounts.change_user", True),
        ("administrator", "auth.change_group", True),
        ("administrator", "calls.control_call", True),
        ("supervisor", "accounts.change_user", False),
        ("supervisor", "accounts.change_auditentry", False),
        ("supervisor", "accounts.view_auditentry", True),
        ("supervisor", "campaigns.run_campaign", True),
        ("supervisor", "campaigns.view_every_campaign", True),
        ("supervisor", "contacts.delete_contact", True),
        ("agent", "campaigns.view_campaign", True),
        ("agent", "campaigns.view_every_campaign", False),
        ("agent", "campaigns.run_campaign", False),
        ("agent", "contacts.view_contact", True),
        ("agent", "contacts.change_contact", False),
        ("agent", "calls.control_call", True),
        ("agent", "calls.listen_recording", True),
        ("analyst", "campaigns.view_every_campaign", True),
        ("analyst", "calls.view_call", True),
        ("analyst", "calls.control_call", False),
        ("analyst", "contacts.view_contact", True),
        ("analyst", "contacts.add_contact", False),
        ("analyst", "reports.view_report", True),
        ("analyst", "reports.export_report", True),
        ("supervisor", "reports.export_report", True),
        ("agent", "reports.view_report", False),
    ],
)
def test_a_role_may_do_what_the_table_says(role, permission, granted):
    assert (permission in permissions_of(role)) is granted


def test_syncing_again_changes_nothing():
    before = {role: permissions_of(role) for role in ROLES}
    sync_roles()
    assert {role: permissions_of(role) for role in ROLES} == before


def test_a_permission_given_by_hand_to_a_role_is_taken_back():
    agents = Group.objects.get(name="agent")
    agents.permissions.add(Permission.objects.get(codename="delete_campaign"))
    sync_roles()
    assert "campaigns.delete_campaign" not in permissions_of("agent")


@pytest.mark.django_db(transaction=True)
def test_the_roles_come_back_when_the_database_is_emptied():
    call_command("flush", interactive=False)
    assert "calls.control_call" in permissions_of("agent")

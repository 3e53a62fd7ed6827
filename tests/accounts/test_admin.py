"""Users and the audit trail in the back office."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.audit import record
from accounts.models import AuditEntry, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    return client


def fields_of(user: User, **changes) -> dict:
    fields = {"email": user.email, "name": user.name, "language": "", "time_zone": "", "is_active": "on"}
    return fields | {"groups": [group.pk for group in user.groups.all()]} | changes


def test_an_administrator_adds_a_user_with_a_role(office):
    role = Group.objects.get(name="agent")
    password = "a long and unlikely passphrase"
    fields = {"email": "new@example.com", "password1": password, "password2": password, "groups": [role.pk]}
    office.post(reverse("admin:accounts_user_add"), fields | {"usable_password": "true"})
    assert list(User.objects.get(email="new@example.com").groups.all()) == [role]


def test_roles_are_listed_in_the_readers_language(office, bob):
    page = office.get(reverse("admin:accounts_user_changelist"), headers={"Accept-Language": "es"})
    assert '<td class="field-roles">Agente</td>' in page.content.decode()


def test_a_change_of_role_is_audited(office, bob):
    role = Group.objects.get(name="analyst")
    office.post(reverse("admin:accounts_user_change", args=[bob.pk]), fields_of(bob, groups=[role.pk]))
    entry = AuditEntry.objects.get(action="user_changed")
    assert entry.subject_id == str(bob.pk)
    assert len(entry.details["fields"]) == 1
    assert list(bob.groups.all()) == [role]


def test_an_administrator_cannot_make_superusers(office, bob):
    office.post(reverse("admin:accounts_user_change", args=[bob.pk]), fields_of(bob, is_superuser="on"))
    bob.refresh_from_db()
    assert not bob.is_superuser


def test_an_administrator_cannot_change_a_superuser(office):
    root = make_user(role="administrator", is_superuser=True)
    response = office.post(reverse("admin:accounts_user_change", args=[root.pk]), fields_of(root, name="x"))
    assert response.status_code == 403
    assert office.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code == 403


def test_a_supervisor_reads_users_but_changes_none(client, alice, bob):
    alice.is_staff = True
    alice.save()
    client.force_login(alice)
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 200
    assert client.post(reverse("admin:accounts_user_change", args=[bob.pk]), fields_of(bob)).status_code == 403


def test_the_audit_trail_is_read_only_even_for_superusers(client):
    client.force_login(make_user(role="administrator", is_staff=True, is_superuser=True))
    entry = record(action="something", subject=User.objects.get())
    assert client.get(reverse("admin:accounts_auditentry_changelist")).status_code == 200
    assert client.post(reverse("admin:accounts_auditentry_delete", args=[entry.pk])).status_code == 403
    assert client.get(reverse("admin:accounts_auditentry_add")).status_code == 403

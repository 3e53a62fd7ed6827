"""`manage.py create_user`: how the first people get in."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db
STRONG = "a long and unlikely passphrase"


def create(*arguments, **options) -> str:
    out = StringIO()
    call_command("create_user", *arguments, stdout=out, **options)
    return out.getvalue()


def test_it_creates_a_user_with_a_role_and_the_given_password(monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", STRONG)
    create("Sofia@Example.com", "--role", "supervisor", "--password-from-env", "FIRST_PASSWORD", "--name", "Sofía")
    user = User.objects.get(email="sofia@example.com")
    assert user.check_password(STRONG)
    assert [group.name for group in user.groups.all()] == ["supervisor"]
    assert user.has_perm("campaigns.run_campaign")


def test_without_a_password_it_makes_one_up_and_prints_it_once():
    printed = create("sofia@example.com", "--role", "agent").strip().rsplit(" ", 1)[-1]
    assert User.objects.get().check_password(printed)


@pytest.mark.parametrize(("role", "enters"), [("administrator", True), ("supervisor", True), ("agent", False)])
def test_only_administrators_and_supervisors_enter_the_back_office(role, enters):
    create("sofia@example.com", "--role", role)
    assert User.objects.get().is_staff is enters


def test_running_it_again_changes_nothing(monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", STRONG)
    arguments = ("sofia@example.com", "--role", "agent", "--password-from-env", "FIRST_PASSWORD")
    create(*arguments)
    monkeypatch.setenv("FIRST_PASSWORD", "another unlikely passphrase")
    assert "exists already" in create(*arguments)
    assert User.objects.get().check_password(STRONG)


def test_renew_gives_a_new_password(monkeypatch):
    create("sofia@example.com", "--role", "agent")
    monkeypatch.setenv("NEW_PASSWORD", STRONG)
    create("sofia@example.com", "--role", "agent", "--password-from-env", "NEW_PASSWORD", "--renew")
    assert User.objects.get().check_password(STRONG)


@pytest.mark.parametrize("password", ["", "short", "12345678901"])
def test_a_weak_or_missing_password_is_refused(monkeypatch, password):
    monkeypatch.setenv("FIRST_PASSWORD", password)
    with pytest.raises(CommandError):
        create("sofia@example.com", "--role", "agent", "--password-from-env", "FIRST_PASSWORD")
    assert not User.objects.exists()


def test_an_invalid_address_is_refused():
    with pytest.raises(CommandError, match="valid email"):
        create("nobody", "--role", "agent")


def test_it_leaves_a_trace_without_the_password():
    create("sofia@example.com", "--role", "agent")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.details) == ("user_created", {"role": "agent"})

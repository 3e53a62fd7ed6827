"""What changes accounts."""

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import BACK_OFFICE_ROLES


@transaction.atomic
def create_user(*, email: str, role: str, password: str, name: str = "", language: str = "") -> User:
    """Make a member of staff with one role. Raises `ValidationError` when the password is too weak."""
    validate_password(password, User(email=email, name=name))
    user = User.objects.create_user(email, password, name=name, language=language, is_staff=role in BACK_OFFICE_ROLES)
    user.groups.add(Group.objects.get(name=role))
    record(action="user_created", subject=user, role=role)
    return user


@transaction.atomic
def renew_password(*, user: User, password: str) -> None:
    """Replace a password without asking for the old one; every session of the user ends with it."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(action="password_renewed", subject=user)

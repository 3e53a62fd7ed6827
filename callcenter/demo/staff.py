"""Who signs in to watch. The password stays the same from run to run, and on this machine."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from accounts.models import User
from accounts.services import create_user, renew_password

EMAIL = "demo@centralita.example"
NAME = "Demo"


@dataclass(frozen=True)
class Login:
    user: User
    password: str


def demo_login(directory: Path) -> Login:
    password = _stored_password(directory / "demo-password")
    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        user = create_user(email=EMAIL, role="administrator", password=password, name=NAME)
    elif not user.check_password(password):
        renew_password(user=user, password=password)
    return Login(user, password)


def _stored_password(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(12))
    return file.read_text().strip()

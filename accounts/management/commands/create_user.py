import os
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.models import User
from accounts.permissions import ROLES
from accounts.services import create_user, renew_password


class Command(BaseCommand):
    help = "Create a user with a role; one that exists already keeps its role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=sorted(ROLES), required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--language", default="")
        parser.add_argument(
            "--password-from-env",
            metavar="NAME",
            default="",
            help="Read the password from this environment variable; without it one is made up and printed once.",
        )
        parser.add_argument("--renew", action="store_true", help="Give a user who exists already the new password.")

    def handle(self, *args: Any, **options: Any) -> None:
        password = _password(options["password_from_env"])
        try:
            validate_email(options["email"])
            self._create(options, password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _create(self, options: dict[str, Any], password: str) -> None:
        email = options["email"].lower()
        user = User.objects.filter(email=email).first()
        if user and not options["renew"]:
            self.stdout.write(f"{email} exists already")
            return
        if user:
            renew_password(user=user, password=password)
        else:
            create_user(
                email=email,
                role=options["role"],
                password=password,
                name=options["name"],
                language=options["language"],
            )
        self.stdout.write(f"{email} ready" if options["password_from_env"] else f"{email} ready, password: {password}")


def _password(variable: str) -> str:
    if not variable:
        return secrets.token_urlsafe(12)
    if not os.environ.get(variable):
        raise CommandError(f"{variable} is not set")
    return os.environ[variable]

"""Files between their upload and the decision to load them: kept for a day, opened only by whoever sent them."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from callcenter import clock
from callcenter.identifiers import new_id

DIRECTORY = "imports"
KEPT_FOR = timedelta(days=1)
SALT = "contacts.uploads"


def keep_upload(file: UploadedFile, user: User) -> str:
    """Store the file and return the ticket that opens it again."""
    forget_old_uploads()
    key = str(new_id())
    default_storage.save(f"{DIRECTORY}/{key}", file)
    return signing.dumps([key, str(user.pk)], salt=SALT)


def open_upload(ticket: str, user: User) -> File | None:
    """None where the ticket is no ticket, another person's, or too old."""
    key = _key(ticket, user)
    with suppress(FileNotFoundError):
        return default_storage.open(f"{DIRECTORY}/{key}", "rb") if key else None
    return None


def forget_upload(ticket: str, user: User) -> None:
    if key := _key(ticket, user):
        default_storage.delete(f"{DIRECTORY}/{key}")


def _key(ticket: str, user: User) -> str | None:
    try:
        key, owner = signing.loads(ticket, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return str(UUID(key)) if owner == str(user.pk) else None


def forget_old_uploads() -> None:
    if not default_storage.exists(DIRECTORY):
        return
    oldest = clock.now() - KEPT_FOR
    for name in default_storage.listdir(DIRECTORY)[1]:
        path = f"{DIRECTORY}/{name}"
        with suppress(FileNotFoundError):
            if default_storage.get_modified_time(path) < oldest:
                default_storage.delete(path)

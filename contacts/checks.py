"""System check of the stored do-not-call list: `manage.py check --database default`, and before each migration."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from contacts.models import NumberHashKey
from contacts.services import is_dnc_list_readable


@register(Tags.database)
def check_number_keys(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    if not databases or NumberHashKey._meta.db_table not in connection.introspection.table_names():
        return []
    if is_dnc_list_readable():
        return []
    problem = Error(
        "Entries of the do-not-call list were written with a key that is not configured, so nothing is dialled.",
        hint="Set NUMBER_HASH_KEY to the key they were written with, or add that key to NUMBER_HASH_PREVIOUS_KEYS; "
        "docs/operations.md tells how.",
        id="contacts.E001",
    )
    return [problem]

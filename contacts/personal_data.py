"""Everything known of one person: each app registers, in its `ready()`, how its part is told, moved and erased."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from contacts.models import Contact


@dataclass(frozen=True, slots=True)
class PersonalDataSource:
    """`describe` gives records as JSON can hold them; `move(source, target)` is what a merge of two contacts does."""

    name: str
    describe: Callable[[Contact], list[dict[str, Any]]]
    move: Callable[[Contact, Contact], None]
    erase: Callable[[Contact], None]


_sources: dict[str, PersonalDataSource] = {}


def register(source: PersonalDataSource) -> None:
    _sources[source.name] = source


def describe_person(contact: Contact) -> dict[str, list[dict[str, Any]]]:
    return {name: source.describe(contact) for name, source in _sources.items()}


@transaction.atomic
def move_person(*, source: Contact, target: Contact) -> None:
    """Hand everything of one contact to another, last what was registered first: others may still need it."""
    for part in reversed(_sources.values()):
        part.move(source, target)


@transaction.atomic
def erase_person(contact: Contact) -> None:
    """Erase what every app holds; the contact itself, registered first, goes last."""
    for part in reversed(_sources.values()):
        part.erase(contact)

"""What a member of staff may see of contacts: one road to a contact, and whole or masked numbers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from contacts.models import Contact
from contacts.phone import display, mask


def visible_contact(user: User, pk: UUID) -> Contact:
    return get_object_or_404(visible_contacts(user), pk=pk)


def visible_contacts(user: User) -> QuerySet[Contact]:
    return Contact.objects.visible_to(user).prefetch_related("numbers")


def may_see_numbers(user: Any) -> bool:
    return bool(user.has_perm("contacts.see_numbers"))


def shown_number(user: Any, e164: str) -> str:
    """The number in groups, or masked for whoever may not see it."""
    return display(e164) if may_see_numbers(user) else mask(e164)

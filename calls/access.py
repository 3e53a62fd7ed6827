"""The only road to a call: one that this member of staff may see, or 404."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from calls.models import Call


def visible_call(user: User, call_id: UUID) -> Call:
    return get_object_or_404(visible_calls(user).select_related("script", "membership", "recording"), pk=call_id)


def visible_calls(user: User) -> QuerySet[Call]:
    return Call.objects.visible_to(user).select_related("campaign", "contact")


def may_see_numbers(user: User | AnonymousUser | Any) -> bool:
    """Whoever may not see a contact's numbers sees them masked, and cannot search by them."""
    return bool(user.has_perm("contacts.view_contactnumber"))

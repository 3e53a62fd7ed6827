"""The only road to a call: one that this member of staff may see, or 404."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from calls.models import Call


def visible_call(user: User, call_id: UUID) -> Call:
    return get_object_or_404(visible_calls(user).select_related("script", "membership", "recording"), pk=call_id)


def visible_calls(user: User) -> QuerySet[Call]:
    return Call.objects.visible_to(user).select_related("campaign", "contact")

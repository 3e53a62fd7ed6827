from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class StaffRequest(HttpRequest):
    """A request that passed `LoginRequiredMiddleware`: its user is a member of staff, never anonymous."""

    user: User
    htmx: HtmxDetails

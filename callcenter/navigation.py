"""The portal's main navigation: one row for each room a user may enter."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Room:
    label: str | Promise
    icon: str
    url_name: str
    permission: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


ROOMS = (
    Room(_("Home"), "home", "home"),
    Room(_("Contacts"), "address-book", "contacts:list", "contacts.view_contact"),
    Room(_("Campaigns"), "speakerphone", "campaigns:list", "campaigns.view_campaign"),
    Room(_("Calls"), "phone-call", "calls:list", "calls.view_call"),
    Room(_("Reports"), "chart-bar", "reports:index", "reports.view_report"),
)
BACK_OFFICE = Room(_("Back office"), "settings", "admin:index")


@dataclass(frozen=True)
class Entry:
    room: Room
    is_current: bool


def entries(request: HttpRequest) -> list[Entry]:
    """The rooms this user may enter, the one that holds the present page marked."""
    user = request.user
    rooms = [room for room in ROOMS if not room.permission or user.has_perm(room.permission)]
    if user.is_staff:
        rooms.append(BACK_OFFICE)
    return [Entry(room, _holds(room.url, request.path)) for room in rooms]


def _holds(url: str, path: str) -> bool:
    return path == url if url == reverse("home") else path.startswith(url)

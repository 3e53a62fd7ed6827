"""Which rooms each role may enter, and which of them its navigation offers."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

EVERYBODY = {"admin", "alice", "bob", "anna"}
LEADERS = {"admin", "alice"}
ROOMS = {
    "home": EVERYBODY,
    "preferences": EVERYBODY,
    "account_change_password": EVERYBODY,
    "contacts:list": EVERYBODY,
    "contacts:create": LEADERS,
    "contacts:import": LEADERS,
    "campaigns:list": EVERYBODY,
    "campaigns:create": LEADERS,
    "calls:list": EVERYBODY,
    "reports:index": LEADERS | {"anna"},
}
"""URL name -> who may open it: an administrator, Alice (supervisor), Bob (agent), Anna (analyst)."""


@pytest.mark.parametrize("person", sorted(EVERYBODY))
@pytest.mark.parametrize("name", ROOMS)
def test_a_room_opens_to_the_roles_of_the_table_only(client, request, name, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(reverse(name)).status_code == (200 if person in ROOMS[name] else 403)


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_the_navigation_offers_only_rooms_that_open(client, request, person):
    client.force_login(request.getfixturevalue(person))
    page = client.get(reverse("home")).content.decode()
    for name in ("contacts:list", "campaigns:list", "calls:list", "reports:index"):
        assert (f'class="nav-link" href="{reverse(name)}"' in page) is (person in ROOMS[name])


def test_the_navigation_marks_the_present_room(client, alice):
    client.force_login(alice)
    page = client.get(reverse("campaigns:create")).content.decode()
    assert f'href="{reverse("campaigns:list")}" aria-current="page"' in page
    assert page.count('aria-current="page"') == 1

"""Language and time zone: chosen once, followed on every page."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import PreferencesMiddleware

pytestmark = pytest.mark.django_db


def language_of(response) -> str:
    return response.context["LANGUAGE_CODE"]


def test_preferences_are_saved(client, alice):
    client.force_login(alice)
    client.post(reverse("preferences"), {"name": "Alicia", "language": "es", "time_zone": "America/Bogota"})
    alice.refresh_from_db()
    assert (alice.name, alice.language, alice.time_zone) == ("Alicia", "es", "America/Bogota")


@pytest.mark.parametrize(
    ("language", "notice"),
    [("", "Sus preferencias se han guardado."), ("en", "Your preferences are saved.")],
)
def test_the_notice_speaks_the_language_just_chosen(client, alice, language, notice):
    client.force_login(alice)
    fields = {"name": "Alice", "language": language, "time_zone": ""}
    page = client.post(reverse("preferences"), fields, follow=True, headers={"Accept-Language": "es"})
    assert notice in page.content.decode()


def test_an_unknown_time_zone_is_refused_at_its_field(client, alice):
    client.force_login(alice)
    response = client.post(reverse("preferences"), {"name": "Alice", "language": "es", "time_zone": "Mars/Olympus"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["time_zone"]
    alice.refresh_from_db()
    assert alice.language == ""


def test_pages_speak_the_language_of_the_account(client, alice):
    alice.language = "es"
    alice.save()
    client.force_login(alice)
    assert language_of(client.get(reverse("home"), headers={"Accept-Language": "en"})) == "es"


def test_strangers_get_the_language_of_their_browser(client):
    assert language_of(client.get(reverse("account_login"), headers={"Accept-Language": "es"})) == "es"
    assert language_of(client.get(reverse("account_login"), headers={"Accept-Language": "fr"})) == "en"


def test_the_language_switch_is_kept_with_the_account(client, alice):
    client.force_login(alice)
    response = client.post(reverse("set_language"), {"language": "es", "next": "/"})
    assert response.url == "/"
    alice.refresh_from_db()
    assert alice.language == "es"


def test_the_language_switch_works_before_sign_in(client):
    client.post(reverse("set_language"), {"language": "es", "next": "/accounts/login/"})
    assert language_of(client.get(reverse("account_login"))) == "es"


def test_the_language_switch_never_leads_to_another_site(client):
    response = client.post(reverse("set_language"), {"language": "es", "next": "https://elsewhere.example/"})
    assert response.url == "/"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("America/Bogota", "07:00"), ("Asia/Tokyo", "21:00"), ("", "13:00"), ("No/Where", "13:00")],
)
def test_times_are_shown_in_the_users_zone(rf, alice, zone, shown):
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    page = Template("{{ noon|time:'H:i' }}")
    request = rf.get("/")
    alice.time_zone = zone
    request.user = alice
    assert PreferencesMiddleware(lambda request: page.render(Context({"noon": noon})))(request) == shown


def test_the_zone_does_not_stay_for_the_next_request(rf, alice):
    request = rf.get("/")
    request.user = alice
    alice.time_zone = "Asia/Tokyo"
    before = timezone.get_current_timezone_name()
    PreferencesMiddleware(lambda request: None)(request)
    assert timezone.get_current_timezone_name() == before

"""The portal is closed: what strangers get, and the headers that everybody gets."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

pytestmark = pytest.mark.django_db

OPEN = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "set_language",
    "favicon",
    "healthz",
    "readyz",
}
"""The doors that stand open, each for a reason: signing in, choosing a language, being watched."""


def named_urls(resolver: URLResolver, namespace: str = "") -> list[str]:
    found: list[str] = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += named_urls(entry, inner) if not entry.pattern.converters else []
        elif isinstance(entry, URLPattern) and entry.name and not entry.pattern.regex.groups:
            found.append(namespace + entry.name)
    return found


def closed_urls() -> list[str]:
    return sorted(set(named_urls(get_resolver())) - OPEN)


@pytest.mark.parametrize("name", closed_urls())
def test_a_stranger_is_sent_to_sign_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response.url.startswith((reverse("account_login"), reverse("admin:login")))


def test_a_part_that_reloads_after_the_session_ended_sends_the_whole_page_to_sign_in(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/campaigns/"}
    response = client.get(reverse("home"), headers=headers)
    assert response.status_code == 200
    assert response["HX-Redirect"] == f"{reverse('account_login')}?next=/campaigns/"


def test_nothing_inline_may_run_or_style_a_page(client):
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_pages_may_open_our_own_socket(client, settings):
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert f"connect-src 'self' {settings.PUBLIC_WS_URL}" in policy


def test_no_other_site_may_frame_a_page(client):
    response = client.get(reverse("account_login"))
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("role", ["alice", "bob", "anna", "admin"])
def test_the_queues_pages_are_for_superusers_only(request, role):
    user = request.getfixturevalue(role)
    user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)
    assert client.get(reverse("django_rq:home")).status_code == 403
    user.is_superuser = True
    user.save()
    assert client.get(reverse("django_rq:home")).status_code == 200


def test_staff_without_entry_to_the_back_office_are_refused_there(client, bob):
    client.force_login(bob)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403

"""The way in: e-mail and password, nothing else; and the way out."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_tried_before():
    cache.clear()


def sign_in(client, email="alice@example.com", password=PASSWORD, page=""):
    return client.post(reverse("account_login"), {"login": email, "password": password, "next": page})


def test_the_right_password_opens_the_home_page(client, alice):
    assert sign_in(client).url == reverse("home")
    assert client.get(reverse("home")).context["user"] == alice


def test_the_address_may_be_written_in_capitals(client, alice):
    assert sign_in(client, email="ALICE@Example.com").status_code == 302


def test_sign_in_leads_back_to_the_page_that_was_asked_for(client, alice):
    assert sign_in(client, page="/accounts/preferences/").url == "/accounts/preferences/"


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(client, alice, page):
    assert sign_in(client, page=page).url == reverse("home")


def test_a_wrong_password_is_refused_at_its_field_without_telling_who_exists(client, alice):
    wrong, unknown = sign_in(client, password="wrong"), sign_in(client, email="nobody@example.com")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_a_closed_account_may_not_enter(client, alice):
    User.objects.update(is_active=False)
    assert sign_in(client).url == reverse("account_inactive")


def test_guessing_is_stopped_after_five_attempts(client, alice):
    for _attempt in range(5):
        sign_in(client, password="wrong")
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_by_themselves(client):
    response = client.post(
        reverse("account_signup"), {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert "made by an administrator" in response.content.decode()
    assert not User.objects.exists()


def test_signing_out_takes_a_post(client, alice):
    client.force_login(alice)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_replaced_through_a_link_by_mail(client, alice):
    client.post(reverse("account_reset_password"), {"email": alice.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    page = client.get(link, follow=True)
    new = "a wholly different passphrase"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(client, password=new).status_code == 302


def test_asking_for_a_link_does_not_tell_who_exists(client, alice):
    known = client.post(reverse("account_reset_password"), {"email": alice.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)

"""The base layout, as signed-in people and strangers meet it."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_home_page_opens_for_every_role(client, alice):
    client.force_login(alice)
    assert client.get(reverse("home")).status_code == 200


def test_a_stranger_is_sent_to_the_sign_in_page(client):
    response = client.get(reverse("home"))
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next=/"


def test_the_sign_in_page_opens_for_strangers(client):
    assert client.get(reverse("account_login")).status_code == 200

"""English is the source; every string has its Spanish."""

import re
import subprocess

import pytest
from django.urls import reverse
from django.utils.translation import override

from campaigns.models import CampaignStatus
from tests.translations import sources


@pytest.mark.parametrize("source", sources(), ids=lambda path: path.parts[-3])
def test_every_string_is_translated_and_none_is_a_guess(source):
    command = ["msgfmt", "--check-format", "--statistics", "--output-file", "/dev/null", str(source)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin"})
    assert re.fullmatch(r"\d+ translated messages\.", told.stderr.strip().splitlines()[-1])


def test_labels_follow_the_active_language():
    with override("es"):
        assert str(CampaignStatus.RUNNING.label) == "En marcha"
    with override("en"):
        assert str(CampaignStatus.RUNNING.label) == "Running"


@pytest.mark.django_db
def test_the_sign_in_page_speaks_spanish(client):
    page = client.get(reverse("account_login"), headers={"Accept-Language": "es-MX,es;q=0.9"}).content.decode()
    assert "Iniciar sesión" in page
    assert "Sign in" not in page

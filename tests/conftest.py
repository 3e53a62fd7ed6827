"""The cast: Alice supervises, Bob is an agent on her campaign, Charlie is an agent who belongs elsewhere."""

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from accounts.models import User
from tests.factories import make_user
from tests.translations import compile_translations
from tests.workers import pytest_xdist_make_scheduler

hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")
"""How long one example takes says more about the machine than about the code."""

__all__ = ["pytest_xdist_make_scheduler"]


def pytest_sessionstart():
    compile_translations()


@pytest.fixture(autouse=True)
def _media_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def _language_of_this_test(settings):
    """A page that was asked for in Spanish leaves its language behind in this thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _quick_password_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def alice(db) -> User:
    return make_user(role="supervisor", email="alice@example.com", name="Alice")


@pytest.fixture
def bob(db) -> User:
    return make_user(role="agent", email="bob@example.com", name="Bob")


@pytest.fixture
def charlie(db) -> User:
    return make_user(role="agent", email="charlie@example.com", name="Charlie")


@pytest.fixture
def anna(db) -> User:
    return make_user(role="analyst", email="anna@example.com", name="Anna")


@pytest.fixture
def admin(db) -> User:
    return make_user(role="administrator", email="admin@example.com", name="Admin", is_staff=True)

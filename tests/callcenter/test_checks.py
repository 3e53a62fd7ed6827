import pytest
from django.core.checks import CheckMessage

from callcenter.checks import check_settings

PUBLIC = {
    "SECRET_KEY": "k" * 50,
    "NUMBER_HASH_KEY": "n" * 50,
    "PUBLIC_BASE_URL": "https://calls.example.com",
    "PUBLIC_WS_URL": "wss://calls.example.com",
    "ALLOWED_HOSTS": ["calls.example.com"],
}
REAL_CARRIER = PUBLIC | {
    "TWILIO_BASE_URL": "",
    "TWILIO_ACCOUNT_SID": "AC" + "a" * 32,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "ELEVENLABS_BASE_URL": "",
    "OPENAI_BASE_URL": "",
}


def found() -> list[CheckMessage]:
    return check_settings()


def found_ids() -> set[str]:
    return {message.id for message in found()}


def configure(settings, values):
    for name, value in values.items():
        setattr(settings, name, value)


def test_a_machine_for_practice_needs_no_setting():
    assert found() == []


@pytest.mark.parametrize("values", [PUBLIC, REAL_CARRIER], ids=["practice in public", "real carrier"])
def test_a_complete_configuration_is_accepted(settings, values):
    configure(settings, values)
    assert found() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "callcenter.E001"),
        ({"SECRET_KEY": "practice-only-secret-key-for-the-machine-it-runs-on"}, "callcenter.E002"),
        ({"SECRET_KEY": "short"}, "callcenter.E002"),
        ({"NUMBER_HASH_KEY": "practice-only-secret-key-for-the-machine-it-runs-on"}, "callcenter.E009"),
        ({"NUMBER_HASH_KEY": "short"}, "callcenter.E009"),
        ({"DEBUG": True}, "callcenter.E003"),
        ({"PUBLIC_BASE_URL": "calls.example.com"}, "callcenter.E004"),
        ({"PUBLIC_WS_URL": "https://calls.example.com"}, "callcenter.E004"),
        ({"PUBLIC_BASE_URL": "https://calls.example.com/portal"}, "callcenter.E004"),
        ({"ALLOWED_HOSTS": ["other.example.com"]}, "callcenter.E005"),
        ({"TWILIO_AUTH_TOKEN": "practice-token-that-opens-nothing-real"}, "callcenter.E006"),
        ({"TWILIO_ACCOUNT_SID": "AC" + "0" * 31 + "1"}, "callcenter.E006"),
        ({"PUBLIC_BASE_URL": "http://calls.example.com"}, "callcenter.E007"),
        ({"PUBLIC_WS_URL": "ws://calls.example.com"}, "callcenter.E007"),
        ({"ELEVENLABS_BASE_URL": "http://127.0.0.1:9000/elevenlabs"}, "callcenter.E008"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:9000/openai/v1"}, "callcenter.E008"),
    ],
)
def test_what_is_wrong_with_the_settings_is_found(settings, change, expected):
    configure(settings, REAL_CARRIER | change)
    assert expected in found_ids()


def test_every_finding_says_how_to_mend_it(settings):
    configure(settings, REAL_CARRIER | {"SECRET_KEY": "short", "DEBUG": True, "ALLOWED_HOSTS": []})
    assert len(found()) == 3
    assert all(message.hint for message in found())


def test_static_files_that_were_not_collected_are_found(settings, tmp_path):
    settings.STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    settings.STATIC_ROOT = tmp_path
    assert found_ids() == {"callcenter.W001"}

"""System checks of the settings: each says what is wrong and how to mend it."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution

INSECURE_KEY_PREFIX = "practice-only-"
SHORTEST_SECRET_KEY = 32


def is_loopback(url: str) -> bool:
    """Whether an address is reachable from this machine only."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def talks_to_the_real_carrier() -> bool:
    return not settings.TWILIO_BASE_URL or urlsplit(settings.TWILIO_BASE_URL).hostname == "api.twilio.com"


@register
def check_settings(**_: Any) -> list[CheckMessage]:
    return [
        *_database_problems(),
        *_secret_problems(),
        *_address_problems(),
        *_carrier_problems(),
        *_vendor_problems(),
        *_static_file_problems(),
    ]


def _database_problems() -> Iterator[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        yield Error(
            "DATABASE_URL does not name a PostgreSQL database.",
            hint="Set DATABASE_URL=postgresql://user:password@host:5432/name, or leave it empty on a machine of "
            "your own: an embedded PostgreSQL then starts.",
            id="callcenter.E001",
        )


def _secret_problems() -> Iterator[CheckMessage]:
    if is_loopback(settings.PUBLIC_BASE_URL) and not talks_to_the_real_carrier():
        return
    for name, problem_id in (("SECRET_KEY", "callcenter.E002"), ("NUMBER_HASH_KEY", "callcenter.E009")):
        key = getattr(settings, name)
        if key.startswith(INSECURE_KEY_PREFIX) or len(key) < SHORTEST_SECRET_KEY:
            yield Error(
                f"{name} is missing or too short, and this site is not for practice on one machine.",
                hint=f"Set {name} (or {name}_FILE) to 50 random characters: "
                'python -c "import secrets; print(secrets.token_urlsafe(50))"',
                id=problem_id,
            )
    if settings.DEBUG:
        yield Error(
            "DEBUG is on, and this site is not for practice on one machine.",
            hint="Remove DEBUG from the environment: it shows settings and data to whoever meets an error.",
            id="callcenter.E003",
        )


def _address_problems() -> Iterator[CheckMessage]:
    for name, schemes in (("PUBLIC_BASE_URL", ("http", "https")), ("PUBLIC_WS_URL", ("ws", "wss"))):
        parts = urlsplit(getattr(settings, name))
        if parts.scheme not in schemes or not parts.hostname or parts.path.strip("/"):
            yield Error(
                f"{name} is not an address of the form {schemes[1]}://host.",
                hint=f"Set {name} to scheme and host only, for example {schemes[1]}://calls.example.com.",
                id="callcenter.E004",
            )
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    if host and not ({host, "*"} & set(settings.ALLOWED_HOSTS)) and not is_loopback(settings.PUBLIC_BASE_URL):
        yield Error(
            "The host of PUBLIC_BASE_URL is not among ALLOWED_HOSTS, so every request to it would be refused.",
            hint=f"Add {host} to ALLOWED_HOSTS (several are separated by commas).",
            id="callcenter.E005",
        )


def _carrier_problems() -> Iterator[CheckMessage]:
    has_account = settings.TWILIO_ACCOUNT_SID != settings.PRACTICE_ACCOUNT_SID
    has_token = settings.TWILIO_AUTH_TOKEN != settings.PRACTICE_TOKEN
    if has_account != has_token:
        missing = "TWILIO_AUTH_TOKEN" if has_account else "TWILIO_ACCOUNT_SID"
        yield Error(
            f"{missing} is not set although its partner is.",
            hint="Set both from the Twilio console, or neither to use the practice phone network.",
            id="callcenter.E006",
        )
    if talks_to_the_real_carrier():
        yield from _real_carrier_problems()


def _real_carrier_problems() -> Iterator[CheckMessage]:
    for name, scheme in (("PUBLIC_BASE_URL", "https://"), ("PUBLIC_WS_URL", "wss://")):
        if not getattr(settings, name).startswith(scheme):
            yield Error(
                f"{name} does not begin with {scheme}, which Twilio demands.",
                hint=f"Set {name} to the public {scheme} address of this site; docs/operations.md tells how.",
                id="callcenter.E007",
            )


def _vendor_problems() -> Iterator[CheckMessage]:
    """Speech and model must be real when the telephone is: a practice assistant must never talk to a real person."""
    if not talks_to_the_real_carrier():
        return
    for name in ("ELEVENLABS", "OPENAI"):
        if getattr(settings, f"{name}_BASE_URL").startswith(settings.SIMULATOR_URL):
            yield Error(
                f"Real calls are configured, but {name}_API_KEY is not set.",
                hint=f"Set {name}_API_KEY (or {name}_API_KEY_FILE), or {name}_BASE_URL for a compatible server.",
                id="callcenter.E008",
            )


def _static_file_problems() -> Iterator[CheckMessage]:
    if settings.DEBUG or not settings.STORAGES["staticfiles"]["BACKEND"].endswith("ManifestStaticFilesStorage"):
        return
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        yield Caution(
            "The portal's static files have not been collected, so its pages would fail.",
            hint="Run make setup (it installs the style packages and runs manage.py collectstatic).",
            id="callcenter.W001",
        )

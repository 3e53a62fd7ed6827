"""Is the carrier that we would call through the practice phone network? Only then may practice campaigns dial."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from callcenter import clock

TIMEOUT_SECONDS = 1.0
YES_HOLDS = timedelta(minutes=1)
NO_HOLDS = timedelta(seconds=5)
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")
NEVER = datetime.min.replace(tzinfo=UTC)

_answers: dict[str, tuple[datetime, bool]] = {}


def is_practice_network() -> bool:
    """Ask the telephony address who it is. Anything but a clear answer from an expected host means no."""
    address = settings.TWILIO_BASE_URL.rstrip("/")
    held_until, answer = _answers.get(address, (NEVER, False))
    if clock.now() >= held_until:
        answer = _is_expected_host(address) and _says_it_is_a_simulator(address)
        _answers[address] = (clock.now() + (YES_HOLDS if answer else NO_HOLDS), answer)
    return answer


def forget_answers() -> None:
    _answers.clear()


def _is_expected_host(address: str) -> bool:
    host = _host(address)
    return bool(host) and host in (*LOOPBACK_HOSTS, _host(settings.SIMULATOR_URL))


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _says_it_is_a_simulator(address: str) -> bool:
    """Neither proxies nor redirects: the answer must come from that very address."""
    try:
        answer = httpx.get(f"{address}/simulator/identity", timeout=TIMEOUT_SECONDS, trust_env=False)
        return answer.status_code == httpx.codes.OK and answer.json().get("simulator") is True
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError):
        return False

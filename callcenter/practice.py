"""Is the carrier that we would call through the practice phone network? Only then may practice campaigns dial."""

from urllib.parse import urlsplit

import httpx
from django.conf import settings

from callcenter import clock

TIMEOUT_SECONDS = 1.0
YES_HOLDS_SECONDS = 60.0
NO_HOLDS_SECONDS = 5.0
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")

_answers: dict[str, tuple[float, bool]] = {}


def is_practice_network() -> bool:
    """Ask the telephony address who it is. Anything but a clear answer from an expected host means no."""
    address = settings.TWILIO_BASE_URL.rstrip("/")
    held_until, answer = _answers.get(address, (0.0, False))
    if clock.monotonic() >= held_until:
        answer = _is_expected_host(address) and _says_it_is_a_simulator(address)
        _answers[address] = (clock.monotonic() + (YES_HOLDS_SECONDS if answer else NO_HOLDS_SECONDS), answer)
    return answer


def forget_answers() -> None:
    _answers.clear()


def _is_expected_host(address: str) -> bool:
    host = urlsplit(address).hostname
    return host is not None and host in (*LOOPBACK_HOSTS, urlsplit(settings.SIMULATOR_URL).hostname)


def _says_it_is_a_simulator(address: str) -> bool:
    """Neither proxies nor redirects: the answer must come from that very address."""
    try:
        answer = httpx.get(f"{address}/simulator/identity", timeout=TIMEOUT_SECONDS, trust_env=False)
        return answer.status_code == httpx.codes.OK and answer.json().get("simulator") is True
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError):
        return False

"""Cookies that an application sets during one call, and gets back with the call's next webhooks."""

from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit


class CallCookies:
    """By host, for as long as the call lasts; paths and dates are not looked at (not documented)."""

    def __init__(self) -> None:
        self._by_host: dict[str, dict[str, str]] = {}

    def headers(self, url: str) -> dict[str, str]:
        known = self._by_host.get(host_of(url), {})
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in known.items())} if known else {}

    def learn(self, url: str, lines: Iterable[str]) -> None:
        """Lines are the values of Set-Cookie headers; those that cannot be read are passed over."""
        known = self._by_host.setdefault(host_of(url), {})
        for name, value, attributes in (entry for line in lines for entry in read_cookies(line)):
            known.pop(name, None)
            if value and attributes["max-age"] != "0":
                known[name] = value


def read_cookies(line: str) -> list[tuple[str, str, Mapping[str, str]]]:
    try:
        return [(name, morsel.coded_value, morsel) for name, morsel in SimpleCookie(line).items()]
    except CookieError:
        return []


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""

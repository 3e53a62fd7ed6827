"""Where the carrier reaches us about a call. Every address carries the call's id and its secret, and no query."""

from uuid import UUID

from django.conf import settings

from calls.signatures import call_secret


def webhook_url(call_id: UUID, name: str, *parts: str | int) -> str:
    """The web door: `voice`, `status`, `amd`, `recording`, `gather/<sequence>` … (see `telephony_urls`)."""
    return settings.PUBLIC_BASE_URL + _path(call_id, name, *parts)


def relay_url(call_id: UUID) -> str:
    """The sockets door, for the conversation's WebSocket."""
    return settings.PUBLIC_WS_URL + _path(call_id, "relay")


def clip_url(call_id: UUID, sequence: int, position: int) -> str:
    """The sockets door over HTTP: one sentence of a turn, which may still be in the making."""
    return _http(settings.PUBLIC_WS_URL) + _path(call_id, "clips", sequence, f"{position}.wav")


def fixed_clip_url(call_id: UUID, key: str) -> str:
    """The web door: a sentence that is always the same, from the speech cache."""
    return settings.PUBLIC_BASE_URL + _path(call_id, "clip", f"{key}.wav")


def _path(call_id: UUID, *parts: str | int) -> str:
    return "/telephony/" + "/".join(str(part) for part in (call_id, call_secret(call_id), *parts))


def _http(url: str) -> str:
    return "http" + url.removeprefix("ws")

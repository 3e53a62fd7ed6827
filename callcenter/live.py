"""Nudges to live pages: "this changed, reload yourself". They carry no data and may be lost.

A topic is a short path such as `calls/<id>` or `campaigns/<id>`; the staff's sockets subscribe to topics.
"""

from functools import cache

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils.functional import Promise
from django_htmx.http import trigger_client_event
from redis import Redis

CHANNEL_PREFIX = "live:"


@cache
def _redis() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1)


def channel(topic: str) -> str:
    """The Redis channel that carries a topic's nudges."""
    return f"{CHANNEL_PREFIX}{topic}"


def nudge(*topics: str) -> None:
    """Tell pages that show these topics to reload, once the running transaction has committed."""
    transaction.on_commit(lambda: _publish(topics), robust=True)


def _publish(topics: tuple[str, ...]) -> None:
    for topic in topics:
        _redis().publish(channel(topic), "changed")


def toast(response: HttpResponse, level: str, text: str | Promise) -> HttpResponse:
    """Show a short notice with an HTMX answer. Levels: `success`, `info`, `warning`, `error`."""
    return trigger_client_event(response, "toast", {"level": level, "text": str(text)})

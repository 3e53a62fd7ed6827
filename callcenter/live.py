"""Nudges to live pages: "this changed, reload yourself". They carry no data and may be lost.

A topic is a short path such as `calls/<id>` or `campaigns/<id>`; the staff's sockets subscribe to topics.
"""

from functools import cache

import structlog
from django.db import transaction
from django.http import HttpResponse
from django.utils.functional import Promise
from django_htmx.http import trigger_client_event
from redis.exceptions import RedisError

from callcenter import clock
from callcenter.redis_clients import impatient_redis

CHANNEL_PREFIX = "live:"
LONGEST_NUDGE_SECONDS = 0.2
REST_SECONDS = 5.0
"""Once Redis did not answer, nobody waits for it again for this long."""

log = structlog.get_logger(__name__)


class Nudges:
    """What one process publishes; the request that finds Redis silent waits a moment, the next ones not at all."""

    def __init__(self) -> None:
        self._redis = impatient_redis(LONGEST_NUDGE_SECONDS)
        self._rests_until = float("-inf")

    def publish(self, topics: tuple[str, ...]) -> None:
        if clock.monotonic() < self._rests_until:
            return
        try:
            with self._redis.pipeline(transaction=False) as pipeline:
                for topic in topics:
                    pipeline.publish(channel(topic), "changed")
                pipeline.execute()
        except RedisError as error:
            self._rests_until = clock.monotonic() + REST_SECONDS
            log.warning("nudges_rest", error=type(error).__name__)


@cache
def nudges() -> Nudges:
    """This process's own."""
    return Nudges()


def channel(topic: str) -> str:
    """The Redis channel that carries a topic's nudges."""
    return f"{CHANNEL_PREFIX}{topic}"


def nudge(*topics: str) -> None:
    """Tell pages that show these topics to reload, once the running transaction has committed."""
    transaction.on_commit(lambda: nudges().publish(topics), robust=True)


def toast(response: HttpResponse, level: str, text: str | Promise) -> HttpResponse:
    """Show a short notice with an HTMX answer. Levels: `success`, `info`, `warning`, `error`."""
    return trigger_client_event(response, "toast", {"level": level, "text": str(text)})

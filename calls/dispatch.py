"""Handing work to the queues. A job that cannot be handed over is made up for by the dialer and the sweepers."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from redis.exceptions import RedisError
from rq import Queue, Retry

from callcenter.redis_clients import impatient_redis

SOON_AGAIN = Retry(max=3, interval=[1, 3, 10])
"""Seconds, for what a person on the line waits for: a carrier that did not answer is asked again."""
LONGEST_EXCHANGE_SECONDS = 1.0
"""Requests and webhooks wait for it."""
FAILURE_SECONDS = 86_400
"""How long a failed job is kept to be looked at; its error's text may name a person."""


def dispatch(queue: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Enqueue once the running transaction has committed; Redis being away is logged, never raised."""
    transaction.on_commit(lambda: _enqueue(queue, function, arguments, options), robust=True)


def dispatch_or_run(queue: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """As `dispatch`, but what no queue takes is done here at once: for what cannot wait until Redis is back."""
    transaction.on_commit(lambda: _enqueue_or_run(queue, function, arguments, options), robust=True)


def dispatch_each(queue: str, function: Callable[..., Any], arguments: Sequence[Any]) -> None:
    """One job for each argument, in one exchange with Redis; otherwise as `dispatch`."""
    if arguments:
        transaction.on_commit(lambda: _enqueue_each(queue, function, arguments), robust=True)


@cache
def _connection() -> Any:
    return impatient_redis(LONGEST_EXCHANGE_SECONDS)


@cache
def _queue(name: str) -> Queue:
    """The waiting for the commit is done here, so the queue itself does not wait."""
    return Queue(name, connection=_connection(), default_timeout=settings.RQ_QUEUES[name]["DEFAULT_TIMEOUT"])


def _enqueue(queue: str, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
    _queue(queue).enqueue(function, *arguments, **{"failure_ttl": FAILURE_SECONDS} | options)


def _enqueue_or_run(queue: str, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict) -> None:
    try:
        _enqueue(queue, function, arguments, options)
    except RedisError:
        function(*arguments)


def _enqueue_each(queue: str, function: Callable[..., Any], arguments: Sequence[Any]) -> None:
    target = _queue(queue)
    target.enqueue_many(
        [Queue.prepare_data(function, args=(argument,), failure_ttl=FAILURE_SECONDS) for argument in arguments]
    )

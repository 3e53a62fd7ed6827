"""The few things a door does by the database itself, because Redis or the workers may be what failed.

They run in threads of their own, off the loop, and go on when the socket or request that began them is gone.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import structlog
from django.db import connections

THREADS = 8

log = structlog.get_logger(__name__)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="rescue")


def rescue(function: Callable[..., None], **arguments: Any) -> None:
    """Begin it; nobody waits. The executor, not the loop, keeps it."""
    _threads().submit(_run, function, arguments)


def _run(function: Callable[..., None], arguments: dict[str, Any]) -> None:
    try:
        function(**arguments)
    except Exception as error:  # noqa: BLE001  (a thread has nobody above it who would tell)
        log.error(
            "rescue_failed", call=str(arguments.get("call_id")), what=function.__name__, error=type(error).__name__
        )
    finally:
        connections.close_all()

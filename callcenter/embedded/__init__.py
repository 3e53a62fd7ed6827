"""PostgreSQL and Redis that come with the Python packages, for machines that have none.

The first process to ask starts them in `.local/`; whoever asks later shares them; the last to end stops them.
Processes started by one of those inherit DATABASE_URL and REDIS_URL and never ask.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from environ import Env

from callcenter.embedded.postgres import start_postgres
from callcenter.embedded.redis import redis_server_program, start_redis

__all__ = ["keep_running", "redis_server_program", "start_postgres", "start_redis", "use_embedded_servers"]

BASE_DIR = Path(__file__).resolve().parent.parent.parent
STARTERS = {"DATABASE_URL": (start_postgres, "postgres"), "REDIS_URL": (start_redis, "redis")}

_ours: list[Callable[[], str]] = []


def use_embedded_servers() -> None:
    """Set DATABASE_URL and REDIS_URL to servers of our own, wherever the environment names none."""
    Env.read_env(BASE_DIR / ".env")
    directory = Path(os.environ.get("LOCAL_DIR") or BASE_DIR / ".local")
    for name in STARTERS:
        if not os.environ.get(name):
            start, place = STARTERS[name]
            os.environ[name] = start(directory / place)
            _ours.append(partial(start, directory / place))
    if _ours:
        signal.signal(signal.SIGTERM, _exit_in_order)


def keep_running() -> None:
    """Start again whichever of our servers has died."""
    for start in _ours:
        start()


def _exit_in_order(number: int, _frame: object) -> None:
    """Without a handler SIGTERM would skip the exit handlers, which stop the servers."""
    sys.exit(128 + number)

"""PostgreSQL and Redis that come with the Python packages, for machines that have none.

The first process to ask starts them in `.local/`; whoever asks later shares them; the last to end stops them.
Processes started by one of those inherit DATABASE_URL and REDIS_URL and never ask.
"""

import os
import signal
import sys
from pathlib import Path

from environ import Env

from callcenter.embedded.postgres import start_postgres
from callcenter.embedded.redis import redis_server_program, start_redis

__all__ = ["LOCAL_DIR", "redis_server_program", "start_postgres", "start_redis", "use_embedded_servers"]

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LOCAL_DIR = BASE_DIR / ".local"


def use_embedded_servers(directory: Path = LOCAL_DIR) -> bool:
    """Set DATABASE_URL and REDIS_URL to servers of our own, wherever the environment names none: was there any?"""
    Env.read_env(BASE_DIR / ".env")
    starters = {"DATABASE_URL": (start_postgres, "postgres"), "REDIS_URL": (start_redis, "redis")}
    missing = [name for name in starters if not os.environ.get(name)]
    for name in missing:
        start, place = starters[name]
        os.environ[name] = start(directory / place)
    if missing:
        signal.signal(signal.SIGTERM, _exit_in_order)
    return bool(missing)


def _exit_in_order(number: int, _frame: object) -> None:
    """Without a handler SIGTERM would skip the exit handlers, which stop the servers."""
    sys.exit(128 + number)

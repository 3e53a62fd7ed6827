"""A pytest plugin: PostgreSQL and Redis of this run's own, unless the environment names others.

It is loaded before Django's settings are read (see addopts in pyproject.toml).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from callcenter.embedded import start_postgres, start_redis

DIRECTORY = Path(tempfile.gettempdir()) / f"centralita-tests-{os.getpid()}"
OUR_REDIS = "CENTRALITA_TESTS_OWN_REDIS"
"""Tests that run side by side share a PostgreSQL, in databases of their own, but never queues."""
FAST_AND_LOOSE = {
    "max_connections": "400",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def _start_servers() -> None:
    atexit.register(shutil.rmtree, DIRECTORY, ignore_errors=True)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_postgres(DIRECTORY / "postgres", FAST_AND_LOOSE)
    if not os.environ.get("REDIS_URL") or os.environ.get(OUR_REDIS):
        os.environ["REDIS_URL"] = start_redis(DIRECTORY / "redis")
        os.environ[OUR_REDIS] = "yes"
    os.environ["LOCAL_DIR"] = str(DIRECTORY)
    os.environ["LANGUAGE_CODE"] = "en"


_start_servers()

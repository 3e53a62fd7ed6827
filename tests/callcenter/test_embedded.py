"""The embedded servers, with real processes that come, go and are killed."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from callcenter.embedded.postgres import _is_running
from callcenter.embedded.redis import _answers

PROGRAM = """
import sys
import tempfile
from pathlib import Path
from callcenter.embedded import start_postgres, start_redis
print({"postgres": start_postgres, "redis": start_redis}[sys.argv[1]](Path(sys.argv[2])), flush=True)
sys.stdin.read()
"""


class UserProcess:
    """A process that starts or joins a server and holds it until it is told to leave."""

    def __init__(self, kind: str, directory: Path) -> None:
        command = [sys.executable, "-c", PROGRAM, kind, str(directory)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=90)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=90)


@pytest.fixture
def directory():
    """Of a short path, as a real project's would be, and where the system user of PostgreSQL may enter.

    Every run of pytest on this machine shuts the folder above its `tmp_path` to all others again.
    """
    with tempfile.TemporaryDirectory(prefix="centralita-", ignore_cleanup_errors=True) as own:
        yield Path(own) / "e"


def postmaster(directory: Path) -> int:
    return int((directory / "postmaster.pid").read_text().splitlines()[0])


def answers_query(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_the_first_user_starts_postgres_and_the_last_one_stops_it(directory):
    first, second = UserProcess("postgres", directory), UserProcess("postgres", directory)
    assert first.url == second.url
    first.leave()
    assert answers_query(second.url)
    second.leave()
    assert not _is_running(directory)


def test_a_killed_user_leaves_a_postgres_that_the_next_one_adopts_and_stops(directory):
    killed = UserProcess("postgres", directory)
    pid = postmaster(directory)
    killed.kill()
    heir = UserProcess("postgres", directory)
    assert postmaster(directory) == pid
    heir.leave()
    assert not _is_running(directory)


def test_a_killed_postgres_is_started_again_with_its_data(directory):
    first = UserProcess("postgres", directory)
    with psycopg.connect(first.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(postmaster(directory), signal.SIGKILL)
    second = UserProcess("postgres", directory)
    with psycopg.connect(second.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    first.leave()
    second.leave()
    assert not _is_running(directory)


def test_a_pid_file_that_names_someone_else_is_cleared(directory):
    UserProcess("postgres", directory).leave()
    (directory / "postmaster.pid").write_text(f"{os.getpid()}\n{directory}\n")
    user = UserProcess("postgres", directory)
    assert answers_query(user.url)
    user.leave()


def test_redis_is_shared_and_stopped_by_its_last_user(directory):
    first, second = UserProcess("redis", directory), UserProcess("redis", directory)
    Redis.from_url(first.url).set("greeting", "hola")
    first.leave()
    assert Redis.from_url(second.url).get("greeting") == b"hola"
    second.leave()
    assert not _answers(directory / "redis.sock")


def test_a_killed_redis_leaves_nothing_in_the_way(directory):
    first = UserProcess("redis", directory)
    os.kill(Redis.from_url(first.url).info("server")["process_id"], signal.SIGKILL)
    second = UserProcess("redis", directory)
    assert Redis.from_url(second.url).ping()
    first.leave()
    second.leave()
    assert not _answers(directory / "redis.sock")


def test_a_command_that_is_terminated_stops_its_servers(directory):
    program = """
from callcenter.embedded import use_embedded_servers
use_embedded_servers()
print("ready", flush=True)
input()
"""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment["LOCAL_DIR"] = str(directory)
    command = [sys.executable, "-c", program]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(timeout=90) == 128 + signal.SIGTERM
    assert not _is_running(directory / "postgres")
    assert not _answers(directory / "redis" / "redis.sock")

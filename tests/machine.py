"""The whole product as it runs on one machine: every process real, on this test's own database and ports."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psutil
from django.conf import settings
from django.db import connection
from redis import Redis

from callcenter import practice
from callcenter.launcher import Plan, Supervisor, practice_environment, programs
from callcenter.launcher.ports import HOST
from callcenter.launcher.supervisor import Keeper
from tests.ports import free_ports

START_SECONDS = 60
REDIS_DATABASE = 2
"""Apart from those that other tests of this run use, so that no worker takes another machine's jobs."""


class Machine:
    def __init__(self, plan: Plan, supervisor: Supervisor) -> None:
        self.plan = plan
        self.supervisor = supervisor

    def wait(self, condition: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Keep every process alive until the condition holds."""
        deadline = time.monotonic() + seconds
        self.supervisor.run(until=lambda: condition() or time.monotonic() > deadline)
        assert condition(), f"not within {seconds} s: {what}"

    def keeper(self, name: str) -> Keeper:
        return next(keeper for keeper in self.supervisor.keepers if keeper.program.name == name)

    def processes(self, name: str) -> list[psutil.Process]:
        """A program's process, then its workers."""
        main = psutil.Process(self.keeper(name).process.pid)
        return [main, *sorted(main.children(recursive=True), key=lambda process: process.pid)]

    def kill(self, name: str, *, worker: bool) -> int:
        """`kill -9` a program's process or the first of its workers; returns the process id."""
        victim = self.processes(name)[1 if worker else 0]
        victim.send_signal(signal.SIGKILL)
        return victim.pid

    def is_complete(self, name: str, *, without: int) -> bool:
        """Whether a program has all its workers again, and the process that was killed is not among them."""
        workers = {
            "web": self.plan.web_processes,
            "turns": self.plan.turn_workers,
            "dialing": self.plan.dialing_workers,
        }
        if self.keeper(name).process is None:
            return False
        running = [process.pid for process in self.processes(name)]
        return len(running) > workers.get(name, int(name != "dialer")) and without not in running

    def ask_simulator(self, path: str) -> Any:
        return httpx.get(f"{self.simulator_url}{path}", trust_env=False, timeout=60).raise_for_status().json()

    def pin(self, number: str, persona: str) -> None:
        body = {"number": number, "persona": persona}
        httpx.post(
            f"{self.simulator_url}/simulator/personas/pin", json=body, trust_env=False, timeout=60
        ).raise_for_status()

    @property
    def simulator_url(self) -> str:
        return f"http://{HOST}:{self.plan.ports.simulator}"

    @property
    def web_url(self) -> str:
        return f"http://{HOST}:{self.plan.ports.web}"

    def is_ready(self) -> bool:
        doors = (f"{self.web_url}/readyz", f"{self.simulator_url}/simulator/identity")
        return all(map(_answers, doors)) and _listens(self.plan.ports.sockets) and self._workers_wait()

    def _workers_wait(self) -> bool:
        redis = _redis()
        waiting = {queue: redis.scard(f"rq:workers:{queue}") for queue in ("turns", "dialing", "default")}
        return waiting["turns"] >= self.plan.turn_workers and waiting["dialing"] > 0 and waiting["default"] > 0


@contextmanager
def running_machine(directory: Path, **sizes: Any) -> Iterator[Machine]:
    """Needs a test with a transactional database, since other processes must see its rows."""
    plan = Plan(ports=free_ports(), directory=directory, **sizes)
    _redis().flushdb()
    own = {"DATABASE_URL": _url_of_test_database(), "REDIS_URL": _redis_url(), "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    environment = practice_environment(plan) | own | {"LOG_LEVEL": "WARNING"}
    with Supervisor(programs(plan), environment=environment, log_directory=directory / "logs") as supervisor:
        machine = Machine(plan, supervisor)
        settings.TWILIO_BASE_URL = settings.SIMULATOR_URL = machine.simulator_url
        practice.forget_answers()
        machine.wait(machine.is_ready, seconds=START_SECONDS, what="every process started")
        yield machine


def _url_of_test_database() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(netloc=parts.netloc, path=f"/{connection.settings_dict['NAME']}"))


def _redis_url() -> str:
    return re.sub(r"\d+$", str(REDIS_DATABASE), os.environ["REDIS_URL"])


def _redis() -> Redis:
    return Redis.from_url(_redis_url())


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=10, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True

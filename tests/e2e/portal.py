"""The whole product as it runs on a machine, in a directory of its own, for browsers to visit."""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from callcenter.embedded import start_postgres, start_redis
from callcenter.launcher import Plan, Supervisor, practice_environment, programs
from callcenter.launcher.programs import BASE_DIR
from tests.ports import free_ports

READY_SECONDS = 120


@dataclass(frozen=True)
class Portal:
    url: str
    simulator_url: str
    environment: dict[str, str]

    def pin(self, number: str, persona: str) -> None:
        """Let this person of the practice network answer that number."""
        body = {"number": number, "persona": persona}
        requests.post(f"{self.simulator_url}/simulator/personas/pin", json=body, timeout=60).raise_for_status()

    def run(self, *command: str) -> str:
        """A Python program in the product's own environment; returns what it prints."""
        done = subprocess.run(
            [sys.executable, *command], cwd=BASE_DIR, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def seed(self) -> dict[str, Any]:
        """The records of `tests/e2e/seed.py`: their addresses by name."""
        return dict(json.loads(self.run("-m", "tests.e2e.seed").splitlines()[-1]))


@contextmanager
def running_portal(*, speed: float) -> Iterator[Portal]:
    directory = Path(tempfile.mkdtemp(prefix="centralita-e2e-"))
    # At the very end, after the embedded servers have stopped, which happens at exit too.
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    plan = _plan(directory, speed)
    environment = practice_environment(plan) | {
        "DATABASE_URL": start_postgres(directory / "postgres"),
        "REDIS_URL": start_redis(directory / "redis"),
        "MEDIA_ROOT": str(directory / "media"),
        "LANGUAGE_CODE": "es",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "tests.patient_settings",
    }
    portal = Portal(environment["PUBLIC_BASE_URL"], environment["SIMULATOR_URL"], environment)
    if _static_files_are_stale():
        portal.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    portal.run("manage.py", "migrate", "--verbosity", "0")
    supervisor = Supervisor(programs(plan), environment=environment, log_directory=directory / "logs")
    with supervisor, _kept_alive(supervisor):
        _wait_until_ready(portal, directory)
        yield portal


def _plan(directory: Path, speed: float) -> Plan:
    return Plan(
        ports=free_ports(), directory=directory, speed=speed, turn_workers=2, dialing_workers=1, web_processes=1
    )


def _static_files_are_stale() -> bool:
    """Whether `make setup` has not collected them since they were last edited."""
    manifest = BASE_DIR / "staticfiles" / "staticfiles.json"
    sources = [path for path in (BASE_DIR / "static").rglob("*") if path.is_file()]
    return not manifest.exists() or manifest.stat().st_mtime < max(path.stat().st_mtime for path in sources)


@contextmanager
def _kept_alive(supervisor: Supervisor) -> Iterator[None]:
    """Whatever dies is started again, and what starts late is started, while the block lasts."""
    over = threading.Event()
    keeper = threading.Thread(target=supervisor.run, args=(over.is_set,))
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _wait_until_ready(portal: Portal, directory: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not all(map(_answers, (f"{portal.url}/readyz", f"{portal.simulator_url}/simulator/identity"))):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the portal did not start; see {directory / 'logs'}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).ok
    except requests.RequestException:
        return False


def without_inherited_settings() -> None:
    """A developer's own vendor keys, proxies and servers play no part here."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)

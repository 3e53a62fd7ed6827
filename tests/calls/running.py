"""The product's own processes around a test: web and sockets doors, workers, dialer, and the practice network."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from django.db import connection
from redis import Redis

from callcenter.launcher.programs import Plan, practice_environment, programs
from callcenter.launcher.supervisor import Supervisor
from tests.ports import free_ports
from tests.simulator.server import SimulatorHandle, wait_until

CONVERSATION = ("simulator", "web", "sockets", "turns")
EVERYTHING = (*CONVERSATION, "dialing", "dialer", "worker")


@dataclass(frozen=True)
class Product:
    """`simulator` steers the practice network; `supervisor` holds the processes."""

    plan: Plan
    simulator: SimulatorHandle
    supervisor: Supervisor

    def log(self, name: str) -> str:
        return (self.plan.directory / "logs" / f"{name}.log").read_text()

    def pids(self, name: str) -> list[int]:
        return [keeper.process.pid for keeper in self.supervisor.keepers if keeper.program.name == name]


@contextmanager
def running_product(
    directory: Path, *, only: Sequence[str] = CONVERSATION, environment: dict[str, str] | None = None, **plan: Any
) -> Iterator[Product]:
    """Processes on free ports that work on the database this test sees (use `transactional_db`).

    `plan` are fields of the launcher's Plan, such as speed=20 and turn_workers=2.
    """
    planned = Plan(directory=directory, **({"ports": free_ports(), "speed": 20.0, "turn_workers": 2} | plan))
    chosen = [replace(program, starts_after_seconds=0.0) for program in programs(planned) if program.name in only]
    values = practice_environment(planned) | {"DATABASE_URL": database_url()} | (environment or {})
    with Supervisor(chosen, environment=values, log_directory=directory / "logs") as supervisor:
        address = f"http://127.0.0.1:{planned.ports.simulator}"
        sid, token = settings.PRACTICE_ACCOUNT_SID, settings.PRACTICE_TOKEN
        simulator = SimulatorHandle(address, supervisor.keepers[0].process, sid, token)
        signs_of_life = {
            "simulator": lambda: _answers(f"{address}/simulator/identity"),
            "web": lambda: _answers(f"http://127.0.0.1:{planned.ports.web}/healthz"),
            "sockets": lambda: _answers(f"http://127.0.0.1:{planned.ports.sockets}/"),
            "turns": lambda: _workers(values["REDIS_URL"]) >= planned.turn_workers,
        }
        for name in only:
            if name in signs_of_life:
                wait_until(signs_of_life[name], seconds=90)
        yield Product(planned, simulator, supervisor)


def address_settings(settings: Any, product: Product) -> None:
    """Let this process's own code use the running product's addresses (pytest-django's `settings` undoes it)."""
    from calls import providers

    settings.PUBLIC_BASE_URL = f"http://127.0.0.1:{product.plan.ports.web}"
    settings.PUBLIC_WS_URL = f"ws://127.0.0.1:{product.plan.ports.sockets}"
    settings.TWILIO_BASE_URL = product.simulator.base_url
    settings.ELEVENLABS_BASE_URL = product.simulator.elevenlabs_url
    settings.OPENAI_BASE_URL = product.simulator.openai_url
    for provider in (providers.telephony, providers.speech, providers.language_model):
        provider.cache_clear()


def database_url() -> str:
    """The database this test sees: the run's own server, another name."""
    server = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(server._replace(path=f"/{connection.settings_dict['NAME']}"))


def _workers(redis_url: str) -> int:
    return int(Redis.from_url(redis_url).scard("rq:workers:turns"))


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code < 500
    except requests.RequestException:
        return False

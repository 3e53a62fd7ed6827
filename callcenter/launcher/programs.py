"""The product's processes, as compose.yaml starts them too, with what this machine's ports and size demand."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from callcenter.launcher.machine import MARK
from callcenter.launcher.ports import HOST, Ports

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VENDOR_SETTINGS = (
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "ELEVENLABS_API_KEY",
    "OPENAI_API_KEY",
)
PRACTICE_STARTS_PER_SECOND = 10


@dataclass(frozen=True)
class Plan:
    """What decides the command lines: addresses, the pace of the practice network, the sizes of the pools."""

    ports: Ports
    directory: Path
    speed: float = 8.0
    seed: int = 7
    turn_workers: int = 8
    dialing_workers: int = 4
    web_processes: int = 2
    has_simulator: bool = True


@dataclass(frozen=True)
class Program:
    name: str
    command: tuple[str, ...]
    starts_after_seconds: float = 0.0
    """Work that nobody waits for leaves the processor to the others at first."""


def programs(plan: Plan) -> list[Program]:
    """In the order in which they start; they stop in the opposite one."""
    listed = [
        _web(plan),
        Program("dialing", _pool("dialing", "sweeping", workers=plan.dialing_workers, worker_class="rq.SimpleWorker")),
        Program("dialer", _manage("run_dialer")),
        _sockets(plan),
        Program(
            "turns",
            _pool("turns", workers=plan.turn_workers, worker_class="calls.workers.WarmWorker"),
            starts_after_seconds=1,
        ),
        Program(
            "worker",
            _pool("sweeping", "default", "imports", workers=1, worker_class="rq.Worker"),
            starts_after_seconds=4,
        ),
        Program("scheduler", _manage("rqcron", "callcenter.cron"), starts_after_seconds=6),
    ]
    return [_simulator(plan), *listed] if plan.has_simulator else listed


def _manage(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(BASE_DIR / "manage.py"), *arguments)


def _pool(*queues: str, workers: int, worker_class: str) -> tuple[str, ...]:
    options = ("--num-workers", str(workers), "--worker-class", worker_class, "--verbosity", "0")
    return _manage("rqworker-pool", *queues, *options)


def _gunicorn(application: str, kind: str, port: int, *options: str) -> tuple[str, ...]:
    configuration = str(BASE_DIR / "deploy" / "gunicorn.conf.py")
    address = f"{HOST}:{port}"
    return (sys.executable, "-m", "gunicorn", application, "-c", configuration, "-k", kind, "-b", address, *options)


def _web(plan: Plan) -> Program:
    options = ("--workers", str(plan.web_processes), "--threads", "16")
    return Program("web", _gunicorn("callcenter.wsgi", "gthread", plan.ports.web, *options))


def _sockets(plan: Plan) -> Program:
    return Program("sockets", _gunicorn("callcenter.asgi", "asgi", plan.ports.sockets, "--workers", "1"))


def _simulator(plan: Plan) -> Program:
    options = {
        "--port": plan.ports.simulator,
        "--speed": plan.speed,
        "--seed": plan.seed,
        "--calls-per-second": 2 * PRACTICE_STARTS_PER_SECOND,
        "--state-dir": plan.directory / "simulator",
        "--account-sid": _practice_setting("PRACTICE_ACCOUNT_SID"),
        "--auth-token": _practice_setting("PRACTICE_TOKEN"),
    }
    arguments = [str(part) for option in options.items() for part in option]
    return Program("simulator", (sys.executable, "-m", "simulator", "--allow-plain-ws", *arguments))


def _practice_setting(name: str) -> str:
    from django.conf import settings

    return str(getattr(settings, name))


def environment(plan: Plan) -> dict[str, str]:
    """What every process is told: its mark, the doors' addresses, unless the machine's own settings name others."""
    simulator = f"http://{HOST}:{plan.ports.simulator}"
    return {
        "SIMULATOR_URL": simulator,
        "PUBLIC_BASE_URL": f"http://{HOST}:{plan.ports.web}",
        "PUBLIC_WS_URL": f"ws://{HOST}:{plan.ports.sockets}",
        "LOG_FORMAT": "text",
        **os.environ,
        MARK: str(plan.directory),
        "LOCAL_DIR": str(plan.directory),
        "PYTHONUNBUFFERED": "1",
    }


def practice_environment(plan: Plan) -> dict[str, str]:
    """As above, but whatever keys this machine has, nothing leaves it: every vendor is the practice network."""
    simulator = f"http://{HOST}:{plan.ports.simulator}"
    kept = _without_vendor_settings(environment(plan))
    return kept | {
        "SIMULATOR_URL": simulator,
        "PUBLIC_BASE_URL": f"http://{HOST}:{plan.ports.web}",
        "PUBLIC_WS_URL": f"ws://{HOST}:{plan.ports.sockets}",
        "TWILIO_BASE_URL": simulator,
        "ELEVENLABS_BASE_URL": f"{simulator}/elevenlabs",
        "OPENAI_BASE_URL": f"{simulator}/openai/v1",
        "TWILIO_STARTS_PER_SECOND": str(PRACTICE_STARTS_PER_SECOND),
        **dict.fromkeys(VENDOR_SETTINGS, ""),
    }


def _without_vendor_settings(values: Mapping[str, str]) -> dict[str, str]:
    files = {f"{name}_FILE" for name in VENDOR_SETTINGS}
    return {name: value for name, value in values.items() if name not in files}

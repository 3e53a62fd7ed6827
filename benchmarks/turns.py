"""How long a turn takes in the product itself, with N calls at once.

    python -m benchmarks.turns --transport relay --calls 50 --json

Starts PostgreSQL, Redis and every process of the product on core 0, and the practice network, with this driver, on
core 1; dials N people who answer every question; measures from outside, by the network's clock (see own_time.py).
"""

import argparse
import atexit
import json
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import machine
from benchmarks.own_time import gather_figures, relay_figures
from benchmarks.percentiles import percentiles
from benchmarks.practice_campaign import STARTS_PER_SECOND, start_campaign_of

if TYPE_CHECKING:
    from callcenter.launcher.programs import Plan
    from callcenter.launcher.supervisor import Supervisor
    from campaigns.models import Campaign

FIRST_TOKEN_SECONDS = 0.150
TOKENS_PER_SECOND = 60.0
TOKENS_A_TURN = 30
TURN_INTERVAL_SECONDS = 7.0
SPARE_WORKERS = 4
"""Turns do not come evenly; these few take the bunches."""
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Settings:
    transport: str
    calls: int
    seconds: float
    workers: int
    speed: float


@dataclass(slots=True)
class Measured:
    """What was read while all calls were being held."""

    cpu_seconds: float = 0.0
    call_minutes: float = 0.0
    pss_megabytes: float = 0.0
    live_calls: int = 0


def read_settings() -> tuple[Settings, bool]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transport", choices=("relay", "gather"), default="relay")
    parser.add_argument("--calls", type=int, default=10, help="calls at once")
    parser.add_argument("--seconds", type=float, default=40.0, help="how long to measure once all are connected")
    parser.add_argument("--workers", type=int, help="workers of the queue `turns` (reckoned from the calls)")
    parser.add_argument("--speed", type=float, default=1.0, help="of the people on the phone")
    parser.add_argument("--json", action="store_true", help="one object as the last line")
    given = parser.parse_args()
    workers = given.workers or workers_for(given.calls, speed=given.speed)
    return Settings(given.transport, given.calls, given.seconds, workers, given.speed), given.json


def workers_for(calls: int, *, speed: float) -> int:
    """Calls x (first token + tokens / rate) / turn interval, and a quarter."""
    busy = FIRST_TOKEN_SECONDS + TOKENS_A_TURN / TOKENS_PER_SECOND
    interval = TURN_INTERVAL_SECONDS / speed
    return math.ceil(1.25 * calls * busy / speed / interval) + SPARE_WORKERS


def main() -> int:
    settings, wants_json = read_settings()
    directory = Path(tempfile.mkdtemp(prefix="centralita-turns-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)  # runs last: the servers stop before it
    with running_product(directory, settings) as (plan, supervisor):
        table = measure(settings, plan, supervisor)
    print_table(settings, table)
    if wants_json:
        print(json.dumps(table))
    return 0


@contextmanager
def running_product(directory: Path, settings: Settings) -> Iterator[tuple["Plan", "Supervisor"]]:
    """Everything on core 0 but the practice network and this driver."""
    from callcenter.launcher.ports import choose_ports, next_free

    machine.pin([psutil.Process()], machine.OURS_CORE)
    ports = choose_ports(next_free(18_000))
    os.environ["SIMULATOR_URL"] = os.environ["TWILIO_BASE_URL"] = f"http://127.0.0.1:{ports.simulator}"
    start_servers(directory)
    import django

    django.setup()
    from callcenter.launcher.programs import Plan, practice_environment
    from callcenter.launcher.running import everything_running

    plan = Plan(ports=ports, directory=directory, speed=settings.speed, turn_workers=settings.workers)
    values = practice_environment(plan) | {"TWILIO_STARTS_PER_SECOND": str(STARTS_PER_SECOND), "LOG_LEVEL": "WARNING"}
    values["TWILIO_MAX_CONCURRENT_CALLS"] = str(settings.calls)
    with everything_running(plan, environment=values) as supervisor:
        machine.pin([psutil.Process()], machine.OTHERS_CORE)
        machine.pin(machine.tree(process_of(supervisor, "simulator")), machine.OTHERS_CORE)
        yield plan, supervisor


def start_servers(directory: Path) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "callcenter.settings",
        "LOCAL_DIR": str(directory),
        "LOG_LEVEL": "WARNING",
    }
    from callcenter.embedded import use_embedded_servers

    use_embedded_servers()


def process_of(supervisor: "Supervisor", name: str) -> int:
    keeper = next(keeper for keeper in supervisor.keepers if keeper.program.name == name)
    assert keeper.process is not None
    return keeper.process.pid


def measure(settings: Settings, plan: "Plan", supervisor: "Supervisor") -> dict[str, Any]:
    simulator = f"http://127.0.0.1:{plan.ports.simulator}"
    wait(supervisor, lambda: all_doors_answer(plan), "the doors")
    machine.pin(our_processes(supervisor), machine.OURS_CORE)  # some began after this driver had moved to its core
    campaign = start_campaign_of(calls=settings.calls, transport=settings.transport, simulator=simulator)
    wait(supervisor, lambda: connected_calls() >= settings.calls, "all calls to be connected")
    requests.post(f"{simulator}/simulator/timings/reset", timeout=10)
    measured = observe(settings, supervisor)
    timings = requests.get(f"{simulator}/simulator/timings", timeout=30).json()
    return build_table(settings, timings, measured, campaign)


def wait(supervisor: "Supervisor", condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS

    def is_over() -> bool:
        if time.monotonic() > deadline:
            raise SystemExit(f"waited too long for {what}")
        return condition()

    supervisor.run(is_over)


def all_doors_answer(plan: "Plan") -> bool:
    from calls.turn_stream import redis

    addresses = [
        f"http://127.0.0.1:{plan.ports.simulator}/simulator/identity",
        f"http://127.0.0.1:{plan.ports.web}/healthz",
        f"http://127.0.0.1:{plan.ports.sockets}/",
    ]
    return all(map(answers, addresses)) and redis().scard("rq:workers:turns") >= plan.turn_workers


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code < 500
    except requests.RequestException:
        return False


def connected_calls() -> int:
    from calls.models import Call

    return Call.objects.filter(answered_at__isnull=False).count()


def live_calls() -> int:
    from calls.models import Call, CallStatus

    return Call.objects.filter(status=CallStatus.IN_PROGRESS).count()


def observe(settings: Settings, supervisor: "Supervisor") -> Measured:
    """Weigh our processes once, and count their processor time while calls are being held."""
    processes = our_processes(supervisor)
    measured = Measured(live_calls=live_calls())
    measured.pss_megabytes = machine.pss_megabytes(processes)
    began_at, cpu_before = time.monotonic(), machine.cpu_seconds(processes)
    last = began_at

    def is_over() -> bool:
        nonlocal last
        now, live = time.monotonic(), live_calls()
        measured.call_minutes += live * (now - last) / 60
        last = now
        return now - began_at >= settings.seconds or live == 0

    supervisor.run(is_over)
    cpu_after = machine.cpu_seconds(processes)
    measured.cpu_seconds = machine.cpu_seconds_between(cpu_before, cpu_after)
    return measured


def our_processes(supervisor: "Supervisor") -> list[psutil.Process]:
    """PostgreSQL, Redis and every process of the product; not the practice network, not this driver."""
    pids = [
        keeper.process.pid for keeper in supervisor.keepers if keeper.process and keeper.program.name != "simulator"
    ]
    programs = [process for pid in pids for process in machine.tree(pid)]
    directory = os.environ["LOCAL_DIR"]
    servers = [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] in ("postgres", "redis-server") and is_ours(process, directory)
    ]
    return list({process.pid: process for process in [*programs, *servers]}.values())


def is_ours(process: psutil.Process, directory: str) -> bool:
    """A server of this run works in our directory; so does the server that forked it."""
    try:
        return process.cwd().startswith(directory) or directory in " ".join(process.cmdline())
    except psutil.Error:
        return False


def build_table(
    settings: Settings, timings: dict[str, Any], measured: Measured, campaign: "Campaign"
) -> dict[str, Any]:
    from calls.models import Turn

    figures = relay_figures(timings) if settings.transport == "relay" else gather_figures(timings)
    turns = Turn.objects.filter(call__campaign=campaign)
    readings = turns.filter(first_words_ms__isnull=False, model_first_token_ms__isnull=False)
    rows: list[Any] = list(readings.values_list("queue_ms", "model_first_token_ms", "first_words_ms"))
    return {
        "machine": machine.describe(),
        "transport": settings.transport,
        "calls": settings.calls,
        "own_time_ms": percentiles(figures.own_ms),
        "queue_ms": percentiles([queue for queue, _, _ in rows]),
        "cpu_s_per_call_minute": round(measured.cpu_seconds / measured.call_minutes, 3)
        if measured.call_minutes
        else None,
        "pss_mb_per_call": round(measured.pss_megabytes / max(measured.live_calls, 1), 1),
        "unanswered": figures.unanswered,
        "in_worker_ms": percentiles([words - model - queue for queue, model, words in rows]),
        "turns": len(figures.own_ms),
        "workers": settings.workers,
    }


def print_table(settings: Settings, table: dict[str, Any]) -> None:
    own, queue, worker = table["own_time_ms"], table["queue_ms"], table["in_worker_ms"]
    print(
        f"turns, {settings.transport}, {settings.calls} calls at once for {settings.seconds:.0f} s",
        table["machine"],
        f"ours on core {machine.OURS_CORE}, network and driver on core {machine.OTHERS_CORE}",
        f"{settings.workers} workers of turns",
        f"people at speed {settings.speed:g}",
        f"model {FIRST_TOKEN_SECONDS * 1000:.0f} ms to the first token, {TOKENS_PER_SECOND:.0f} tokens a second",
        sep=" | ",
    )
    rows = [
        ("own time a turn, ms", own["p50"], own["p95"], own["p99"]),
        ("wait for a worker, ms", queue["p50"], queue["p95"], queue["p99"]),
        ("in the worker, less the model", worker["p50"], worker["p95"], worker["p99"]),
    ]
    print(f"{'':32}{'p50':>8}{'p95':>8}{'p99':>8}")
    for name, *values in rows:
        print(f"{name:32}" + "".join(f"{'-' if value is None else value:>8}" for value in values))
    print(f"{'turns measured':32}{table['turns']:>8}")
    print(f"{'turns without an answer':32}{table['unanswered']:>8}")
    print(f"{'processor s a call-minute':32}{table['cpu_s_per_call_minute'] or 0:>8}")
    print(f"{'memory a call, MB (PSS)':32}{table['pss_mb_per_call']:>8}")


if __name__ == "__main__":
    sys.exit(main())

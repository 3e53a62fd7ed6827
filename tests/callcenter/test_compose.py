"""The containers: a valid file, the same processes as the launcher's, commands that exist, nobody root."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.utils.module_loading import import_string
from rq.worker import BaseWorker

from callcenter.launcher import Plan, programs
from callcenter.launcher.ports import Ports
from callcenter.settings import PRACTICE_TOKEN

ROOT = Path(__file__).resolve().parents[2]
SERVERS = {"postgres", "redis", "caddy"}
PROCESSES = ("web", "sockets", "turns", "dialing", "worker", "dialer", "scheduler", "simulator")
ONLY_HERE = ("-b", "--num-workers", "--workers", "--threads", "--port", "--host", "--speed", "--seed", "--state-dir")
ONLY_THERE = ("--auth-token", "--account-sid", "--calls-per-second", "--public-url")


@pytest.fixture(scope="module")
def services() -> dict[str, dict]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def entrypoint(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.environ["PATH"], "SHOW": "1", **environment}
    command = [ROOT / "deploy" / "entrypoint", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_the_compose_file_is_valid():
    program = Path(sys.executable).with_name("check-jsonschema")
    command = [program, "--builtin-schema", "vendor.compose-spec", ROOT / "compose.yaml"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_every_process_has_its_service(services):
    assert set(services) == {*PROCESSES, "migrate"} | SERVERS


def test_the_practice_network_starts_only_when_asked_for(services):
    assert [name for name, service in services.items() if "profiles" in service] == ["simulator"]


def test_processes_wait_for_the_migrations(services):
    for name in set(PROCESSES) - {"simulator"}:
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", PROCESSES)
def test_a_service_asks_for_a_process_that_the_entrypoint_knows(services, name):
    (argument,) = services[name]["command"]
    shown = entrypoint(argument)
    assert (argument, shown.returncode) == (name, 0)


def test_the_entrypoint_refuses_what_it_does_not_know():
    assert (entrypoint("juggler").returncode, entrypoint("juggler").stdout) == (64, "")


@pytest.mark.parametrize("name", PROCESSES)
def test_a_container_runs_what_the_launcher_runs(name, tmp_path):
    plan = Plan(ports=Ports(web=8000, sockets=8001, simulator=9000), directory=tmp_path)
    (program,) = [program for program in programs(plan) if program.name == name]
    here = essence(program.command)
    there = essence(shlex.split(entrypoint(name).stdout))
    assert here == there


def essence(command: list[str] | tuple[str, ...]) -> list[str]:
    """A command line without its sizes, addresses and folders, which differ between a machine and a container."""
    words = ["python" if word == sys.executable else word.removeprefix(f"{ROOT}/") for word in command]
    kept = [
        word
        for previous, word in zip(["", *words], words, strict=False)
        if word not in ONLY_HERE + ONLY_THERE and previous not in ONLY_HERE + ONLY_THERE
    ]
    return [word for word in kept if word not in ("python", "-m")]


def test_the_sizes_of_the_pools_come_from_the_environment():
    assert "--num-workers 48" in entrypoint("turns", TURN_WORKERS="48").stdout


@pytest.mark.parametrize("name", ["turns", "dialing", "worker"])
def test_worker_classes_exist(name):
    words = shlex.split(entrypoint(name).stdout)
    worker_class = import_string(words[words.index("--worker-class") + 1])
    assert issubclass(worker_class, BaseWorker)


@pytest.mark.parametrize("name", ["turns", "dialing", "worker", "dialer", "scheduler", "migrate"])
def test_commands_exist(name):
    assert shlex.split(entrypoint(name).stdout)[2] in get_commands()


def test_the_practice_network_of_the_containers_knows_the_practice_account():
    assert f"--auth-token {PRACTICE_TOKEN}" in entrypoint("simulator").stdout


def test_the_image_runs_as_nobody_in_particular():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    final_stage = lines[max(i for i, line in enumerate(lines) if line.startswith("FROM")) :]
    assert "USER centralita" in final_stage
    assert any(line.startswith("HEALTHCHECK") for line in final_stage)


@pytest.mark.parametrize(
    ("role", "probe"), [("web", "http://127.0.0.1:8000/readyz"), ("sockets", "tcp://127.0.0.1:8001")]
)
def test_the_doors_are_asked_for_their_health(role, probe):
    assert entrypoint("health", ROLE=role).stdout.strip().endswith(probe)


def test_a_door_that_does_not_answer_is_unhealthy(free_port):
    result = subprocess.run(
        [sys.executable, ROOT / "deploy" / "probe", f"tcp://127.0.0.1:{free_port}"], capture_output=True, check=False
    )
    assert result.returncode == 1


def test_a_door_that_answers_is_healthy(live_server):
    command = [sys.executable, ROOT / "deploy" / "probe", f"{live_server.url}/healthz"]
    assert subprocess.run(command, capture_output=True, check=False, env={}).returncode == 0

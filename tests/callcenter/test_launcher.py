"""The launcher with small real programs, which it starts, starts again and stops."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from callcenter.launcher import AlreadyRunning, Plan, PortTaken, Supervisor, choose_ports, only_launcher
from callcenter.launcher.machine import MARK
from callcenter.launcher.ports import Ports, next_free
from callcenter.launcher.programs import Program, practice_environment, programs

SLEEPS = "import time; time.sleep(600)"
FORKS = "import os, time; os.fork(); print(os.getpid(), flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); {SLEEPS}"
FIRST_PORT = 20_000


def python(code: str, name: str = "sleeper", **options) -> Program:
    return Program(name, (sys.executable, "-c", code), **options)


@pytest.fixture
def supervise(tmp_path):
    """Supervise these programs; whatever a failing test leaves is stopped."""
    supervisors = []

    def make(*listed: Program) -> Supervisor:
        environment = os.environ | {MARK: str(tmp_path)}
        supervisors.append(Supervisor(listed, environment=environment, log_directory=tmp_path / "logs"))
        return supervisors[-1].__enter__()

    yield make
    for supervisor in supervisors:
        supervisor.__exit__(None, None, None)


def marked(directory: Path) -> set[int]:
    """The processes that stem from the launcher of this directory and are alive."""
    found = set()
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(directory) and process.status() != psutil.STATUS_ZOMBIE:
                found.add(process.pid)
        except psutil.Error:
            continue
    return found - {os.getpid()}


def wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_a_program_that_dies_is_started_again(supervise):
    supervisor = supervise(python(SLEEPS))
    (keeper,) = supervisor.keepers
    first = keeper.process.pid
    os.kill(first, signal.SIGKILL)
    assert supervisor.run(until=lambda: keeper.process is not None and keeper.process.pid != first)


def test_a_program_that_keeps_dying_is_started_at_growing_intervals(supervise):
    supervisor = supervise(python("raise SystemExit(3)"))
    (keeper,) = supervisor.keepers
    assert supervisor.run(until=lambda: keeper.pause >= 1)


def test_a_program_may_start_later(supervise):
    supervisor = supervise(python(SLEEPS, starts_after_seconds=0.5))
    (keeper,) = supervisor.keepers
    assert keeper.process is None
    assert supervisor.run(until=lambda: keeper.process is not None)


def test_the_children_of_a_killed_program_go_with_it(supervise, tmp_path):
    supervisor = supervise(python(FORKS))
    (keeper,) = supervisor.keepers
    wait_for(lambda: len(marked(tmp_path)) == 2)
    orphaned = marked(tmp_path) - {keeper.process.pid}
    os.kill(keeper.process.pid, signal.SIGKILL)
    assert supervisor.run(until=lambda: len(marked(tmp_path)) == 2 and not marked(tmp_path) & orphaned)


def test_stopping_leaves_nothing_behind(supervise, tmp_path):
    supervisor = supervise(python(FORKS, "forks"), python(SLEEPS), python(STUBBORN, "stubborn"))
    wait_for(lambda: (tmp_path / "logs" / "stubborn.log").read_bytes() == b"up\n")
    supervisor.stop()
    wait_for(lambda: marked(tmp_path) == set())
    assert marked(tmp_path) == set()


def test_ctrl_c_is_a_request_to_stop(supervise):
    supervisor = supervise(python(SLEEPS))
    os.kill(os.getpid(), signal.SIGINT)
    assert not supervisor.run(until=lambda: False)


def test_each_program_has_its_log_and_the_one_before(supervise, tmp_path):
    for word in ("first", "second"):
        supervisor = supervise(python(f"print({word!r}, flush=True); {SLEEPS}", "talker"))
        wait_for(lambda: (tmp_path / "logs" / "talker.log").read_text())
        supervisor.stop()
    assert (tmp_path / "logs" / "talker.log").read_text() == "second\n"
    assert (tmp_path / "logs" / "talker.log.1").read_text() == "first\n"


LAUNCHER = """
import os, sys
from pathlib import Path
from callcenter.launcher import Supervisor, only_launcher
from callcenter.launcher.machine import MARK
from callcenter.launcher.programs import Program
directory = Path(sys.argv[1])
listed = [Program("sleeper", (sys.executable, "-c", "import time; time.sleep(600)"))]
environment = os.environ | {MARK: str(directory)}
with only_launcher(directory):
    with Supervisor(listed, environment=environment, log_directory=directory / "logs") as supervisor:
        print("running", flush=True)
        supervisor.run(until=lambda: False)
"""


def test_what_a_killed_launcher_left_is_cleared_by_the_next_one(tmp_path):
    with subprocess.Popen([sys.executable, "-c", LAUNCHER, str(tmp_path)], stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout.readline() == b"running\n"
        launcher.kill()
    assert len(marked(tmp_path)) == 1
    with only_launcher(tmp_path):
        assert marked(tmp_path) == set()


def test_two_launchers_of_one_directory_are_refused(tmp_path):
    with subprocess.Popen([sys.executable, "-c", LAUNCHER, str(tmp_path)], stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout.readline() == b"running\n"
        with pytest.raises(AlreadyRunning, match=rf"process {launcher.pid}\): stop it first"), only_launcher(tmp_path):
            pytest.fail("a second launcher was let in")
        launcher.terminate()
    wait_for(lambda: marked(tmp_path) == set())


def test_a_taken_port_is_said_in_one_sentence(free_port):
    import socket

    with socket.create_server(("127.0.0.1", free_port)), pytest.raises(PortTaken) as refusal:
        choose_ports(free_port)
    assert str(refusal.value) == f"Port {free_port} is taken: choose another with PORT={free_port + 1}."


def test_the_other_doors_take_the_next_free_ports():
    ports = choose_ports(next_free(FIRST_PORT))
    assert len({ports.web, ports.sockets, ports.simulator}) == 3


@pytest.fixture
def plan(tmp_path) -> Plan:
    return Plan(ports=Ports(web=8000, sockets=8001, simulator=8002), directory=tmp_path)


def test_every_process_of_the_architecture_is_among_the_programs(plan):
    names = {program.name for program in programs(plan)}
    assert names == {"web", "sockets", "turns", "dialing", "worker", "dialer", "scheduler", "simulator"}


def test_practice_never_leaves_the_machine_whatever_keys_it_has(plan, monkeypatch):
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "a" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN_FILE", "/run/secrets/token")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.openai.com/v1")
    values = practice_environment(plan)
    assert (values["TWILIO_ACCOUNT_SID"], values["OPENAI_BASE_URL"]) == ("", "http://127.0.0.1:8002/openai/v1")
    assert "TWILIO_AUTH_TOKEN_FILE" not in values

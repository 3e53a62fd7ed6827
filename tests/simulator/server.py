"""Starts the practice phone network as its own process, for any test that needs one."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import requests

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT_SID = "AC" + "5" * 32
AUTH_TOKEN = "practice-token-for-tests"
START_SECONDS = 20.0
SPEED = 10.0
"""Times as fast as life. A machine that stalls for a moment stalls the people on the telephone this much longer."""


def make_session() -> requests.Session:
    """Keeps its connection: whoever waits asks fifty times a second."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(frozen=True)
class SimulatorHandle:
    """The running network. `base_url` is what TWILIO_BASE_URL should be."""

    base_url: str
    process: "subprocess.Popen[str]"
    account_sid: str = ACCOUNT_SID
    auth_token: str = AUTH_TOKEN
    session: requests.Session = field(default_factory=make_session)

    @property
    def elevenlabs_url(self) -> str:
        return f"{self.base_url}/elevenlabs"

    @property
    def openai_url(self) -> str:
        return f"{self.base_url}/openai/v1"

    def get(self, path: str) -> Any:
        response = self.session.get(f"{self.base_url}/simulator/{path}", timeout=60)
        response.raise_for_status()
        return response.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        response = self.session.post(f"{self.base_url}/simulator/{path}", json=body or {}, timeout=60)
        response.raise_for_status()
        return response.json() if response.content else None

    def identity(self) -> dict[str, Any]:
        return dict(self.get("identity"))

    def calls(self) -> list[dict[str, Any]]:
        return list(self.get("calls")["calls"])

    def call(self, sid: str) -> dict[str, Any]:
        return dict(self.get(f"calls?sid={sid}")["calls"][0])

    def who_ended(self, sid: str) -> str:
        """`person`, `application`, `rest`, `time-limit`, or `carrier` where the line itself did, once it is over."""
        return str(self.wait_until(lambda: self.call(sid)["ended_by"]))

    def timings(self) -> dict[str, list[dict[str, Any]]]:
        return dict(self.get("timings"))

    def reset_timings(self) -> None:
        self.post("timings/reset")

    def dial_log(self) -> list[dict[str, Any]]:
        return list(self.get("dial-log"))

    def pin(self, number: str, persona: str) -> None:
        self.post("personas/pin", {"number": number, "persona": persona})

    def set_faults(self, **faults: Any) -> None:
        """Without arguments, clears them all."""
        self.post("faults", faults)

    def wait_until(self, condition: Callable[[], Any], *, seconds: float = 45.0) -> Any:
        return wait_until(condition, seconds=seconds)


def wait_until(condition: Callable[[], Any], *, seconds: float = 45.0) -> Any:
    """Asks until the answer is true, and returns it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {condition}")


@contextmanager
def running_simulator(*, errors: IO[str] | None = None, **options: Any) -> Iterator[SimulatorHandle]:
    """Options are those of the command line with underscores: speed=8, seed=7, calls_per_second=50, …

    Flags are True or False. `errors` takes what the process writes there.
    """
    options = {"account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "port": 0, "speed": SPEED, "seed": 7} | options
    options.setdefault("allow_plain_ws", True)
    options.setdefault("calls_per_second", 100)
    arguments = [text for name, value in options.items() for text in as_argument(name, value)]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True
    )
    try:
        url = read_address(process)
        yield SimulatorHandle(url, process, str(options["account_sid"]), str(options["auth_token"]))
    finally:
        stop(process)


def as_argument(name: str, value: Any) -> list[str]:
    option = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return [option] if value else []
    return [option, str(value)]


def read_address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith("simulator ready "):
        raise RuntimeError(f"the simulator did not start: {line!r}, exit code {process.poll()}")
    return line.split()[-1]


def stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()

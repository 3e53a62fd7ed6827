"""Processes that are kept alive."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import structlog

from callcenter import clock
from callcenter.launcher.programs import BASE_DIR, Program

TICK_SECONDS = 0.1
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
HEALTHY_AFTER_SECONDS = 10.0
STOP_SECONDS = 6.0
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

log = structlog.get_logger(__name__)


class Keeper:
    """One program: its process group, its log, and the pause before it is started again."""

    def __init__(self, program: Program, environment: Mapping[str, str], log_file: Path) -> None:
        self.program = program
        self.environment = environment
        self.log_file = log_file
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = clock.monotonic() + program.starts_after_seconds
        self.pause = FIRST_PAUSE_SECONDS

    def keep(self, now: float) -> None:
        if self.process is None:
            if now >= self.start_at:
                self.start(now)
        elif (status := self.process.poll()) is not None:
            self.plan_restart(now, status)

    def start(self, now: float) -> None:
        with self.log_file.open("ab") as output:
            self.process = subprocess.Popen(
                self.program.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=BASE_DIR,
                start_new_session=True,
            )
        self.started_at = now

    def plan_restart(self, now: float, status: int) -> None:
        """Longer and longer pauses for a program that does not stay alive."""
        log.warning("process_ended", program=self.program.name, status=status, log=str(self.log_file))
        self.kill()
        healthy = now - self.started_at >= HEALTHY_AFTER_SECONDS
        self.pause = FIRST_PAUSE_SECONDS if healthy else min(2 * self.pause, LONGEST_PAUSE_SECONDS)
        self.process, self.start_at = None, now + self.pause

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            if self.process is not None:
                self.process.wait(timeout=max(deadline - clock.monotonic(), 0.01))

    def kill(self) -> None:
        """The whole group: a killed pool leaves its workers behind."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Use as a context manager: leaving it stops every process, the last started first."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        environment: Mapping[str, str],
        log_directory: Path,
        also: Callable[[], None] | None = None,
    ) -> None:
        """`also` is called about every second, for what must be kept alive besides the programs."""
        log_directory.mkdir(parents=True, exist_ok=True)
        self.keepers = [
            Keeper(program, environment, _fresh_log(log_directory / f"{program.name}.log")) for program in programs
        ]
        self.also = also
        self.stop_requested = False

    def __enter__(self) -> Self:
        self.previous_handlers = {number: signal.signal(number, self._request_stop) for number in STOPPING_SIGNALS}
        self._keep()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for number, handler in self.previous_handlers.items():
            signal.signal(number, handler)

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requested = True

    def run(self, until: Callable[[], bool]) -> bool:
        """Keep everything alive until `until` says so (True), or somebody asks to stop (False)."""
        next_look = clock.monotonic()
        while not self.stop_requested:
            self._keep()
            if self.also and clock.monotonic() >= next_look:
                self.also()
                next_look = clock.monotonic() + 1
            if until():
                return True
            time.sleep(TICK_SECONDS)
        return False

    def _keep(self) -> None:
        for keeper in self.keepers:
            keeper.keep(clock.monotonic())

    def stop(self) -> None:
        for keeper in reversed(self.keepers):
            keeper.ask_to_stop()
        deadline = clock.monotonic() + STOP_SECONDS
        for keeper in reversed(self.keepers):
            keeper.wait(deadline)
            keeper.kill()


def _fresh_log(path: Path) -> Path:
    """The log of the run before is kept beside it."""
    if path.exists():
        path.replace(path.with_suffix(".log.1"))
    return path

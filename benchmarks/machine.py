"""What a table must say about the machine it was measured on, and how processes are told apart and weighed."""

import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

OURS_CORE, OTHERS_CORE = 0, 1


def describe() -> str:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    memory = psutil.virtual_memory().total / 1024**3
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB"


def pin(processes: Iterable[psutil.Process], core: int) -> None:
    """Keep these processes, and every thread they have, on one core; without a second core nothing is pinned."""
    if (os.cpu_count() or 1) < 2:
        return
    for process in processes:
        for thread in Path(f"/proc/{process.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {core})


def tree(pid: int) -> list[psutil.Process]:
    """A process and all its descendants."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> dict[int, float]:
    """Processor time so far, by process; one that has ended is left out."""
    found: dict[int, float] = {}
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found


def cpu_seconds_between(before: dict[int, float], after: dict[int, float]) -> float:
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def pss_megabytes(processes: Iterable[psutil.Process]) -> float:
    """Proportional set size: shared pages are counted once, shared among those who map them."""
    return sum(_pss_kilobytes(process.pid) for process in processes) / 1024


def _pss_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))

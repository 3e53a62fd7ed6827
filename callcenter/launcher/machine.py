"""One launcher at a time from one directory, and nothing left of one that was killed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

MARK = "CENTRALITA_LAUNCHED_FROM"
"""Stands in the environment of every process that a launcher starts, and so of their children."""


class AlreadyRunning(Exception):
    """Another launcher works in this directory; the message is for people."""


@contextmanager
def only_launcher(directory: Path) -> Iterator[None]:
    """Be the launcher of `directory`, after clearing what a killed one left."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "launcher.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"Centralita already runs from this directory (process {lock.read().strip()}): stop it first."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        clear_leftovers(directory)
        yield


def clear_leftovers(directory: Path) -> None:
    leftovers = list(_leftovers(directory))
    for process in leftovers:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(leftovers, timeout=5)


def _leftovers(directory: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(directory) and process.pid != os.getpid():
                yield process

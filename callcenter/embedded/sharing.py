"""Which processes use an embedded server: each holds a shared lock on a file beside it.

The kernel drops the lock of a process that dies, however it dies, so nothing stale is ever left behind.
"""

import atexit
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_held: dict[Path, int] = {}


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Let one process at a time look after the server in `directory`."""
    with (directory / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def share(directory: Path, *, stop: Callable[[], None]) -> None:
    """Count this process among the users of the server; the last one to leave calls `stop`."""
    if directory in _held:
        return
    descriptor = os.open(directory / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    _held[directory] = descriptor
    owner = os.getpid()
    atexit.register(lambda: leave(directory, stop=stop) if os.getpid() == owner else None)


def leave(directory: Path, *, stop: Callable[[], None]) -> None:
    descriptor = _held.pop(directory, None)
    if descriptor is None or not directory.exists():
        return
    with alone(directory), suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        stop()
    os.close(descriptor)

"""Ports for the servers that a test starts: each worker's own, and below those that the system hands out by itself.

A port that the system chose and took back may be another process's before the server that wants it has started.
"""

import os
from collections.abc import Iterator
from functools import cache
from itertools import cycle

from callcenter.launcher.ports import Ports, is_free

FIRST = 20_000
SLICE, SLICES = 1_000, 12
"""Linux hands out 32768 and more (`/proc/sys/net/ipv4/ip_local_port_range`)."""
APART = 61
"""Two runs on one machine begin at different places of their slices."""


def free_port() -> int:
    """One that nobody uses, and that this process has not named before."""
    return next(port for port in _candidates() if is_free(port))


def free_ports() -> Ports:
    return Ports(web=free_port(), sockets=free_port(), simulator=free_port())


@cache
def _candidates() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first, begin = FIRST + SLICE * (worker % SLICES), os.getpid() * APART % SLICE
    return cycle(first + (begin + step) % SLICE for step in range(SLICE))

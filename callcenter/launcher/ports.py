"""Where the doors of this machine listen."""

import socket
from dataclasses import dataclass

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Somebody else listens on the port that was asked for; the message is for people."""


@dataclass(frozen=True)
class Ports:
    web: int
    sockets: int
    simulator: int


def choose_ports(web: int) -> Ports:
    """The port for the portal as asked, and for the others the next free ones."""
    if not is_free(web):
        raise PortTaken(f"Port {web} is taken: choose another with PORT={web + 1}.")
    sockets = next_free(web + 1)
    return Ports(web=web, sockets=sockets, simulator=next_free(sockets + 1))


def next_free(first: int) -> int:
    return next(port for port in range(first, 65536) if is_free(port))


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True

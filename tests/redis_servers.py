"""A Redis of a test's own, which it may stop or freeze."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError

from callcenter.embedded import redis_server_program
from tests.ports import free_port
from tests.simulator.server import wait_until


@dataclass
class RedisServer:
    url: str
    process: "subprocess.Popen[bytes]"

    def freeze(self) -> None:
        """It accepts connections and answers nothing, which is worse than being away."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def answers(self) -> bool:
        with suppress(RedisError):
            return bool(Redis.from_url(self.url).ping())
        return False


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    port = free_port()
    command = [redis_server_program(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        server = RedisServer(f"redis://127.0.0.1:{port}/0", process)
        try:
            wait_until(server.answers, seconds=60)
            yield server
        finally:
            server.stop()

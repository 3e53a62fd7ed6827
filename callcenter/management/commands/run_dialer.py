import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from calls.heartbeat import run


class Command(BaseCommand):
    help = "Decide every second who is called next. Several may run: one leads, the others stand by."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("dialer ready")
        self.stdout.flush()
        run(stop)

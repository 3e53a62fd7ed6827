import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from callcenter.launcher import (
    AlreadyRunning,
    Plan,
    PortTaken,
    Supervisor,
    choose_ports,
    only_launcher,
    practice_environment,
)
from callcenter.launcher.programs import BASE_DIR
from callcenter.launcher.running import everything_running

STOPPED_BY_HAND = 130


class Command(BaseCommand):
    help = "Runs everything on the practice phone network, calls everyone of a sample file, and keeps serving."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the portal listens")
        parser.add_argument("--speed", type=float, default=8.0, help="how much faster than life people are")
        parser.add_argument("--exit", action="store_true", help="stop at the end, with an exit code")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with only_launcher(settings.LOCAL_DIR):
                plan = Plan(ports=choose_ports(options["port"]), directory=settings.LOCAL_DIR, speed=options["speed"])
                code = self.run(plan, ends_by_itself=options["exit"])
        except (AlreadyRunning, PortTaken) as problem:
            raise CommandError(str(problem)) from problem
        sys.exit(code)

    def run(self, plan: Plan, *, ends_by_itself: bool) -> int:
        values = practice_environment(plan)
        with everything_running(plan, environment=values) as supervisor:
            code = self.call_everyone(supervisor, values)
            if not ends_by_itself and not supervisor.stop_requested:
                self.stdout.write(f"Still serving at {values['PUBLIC_BASE_URL']} - Ctrl-C stops everything.")
                supervisor.run(until=lambda: False)
            return code

    def call_everyone(self, supervisor: Supervisor, values: Mapping[str, str]) -> int:
        """In a process of its own, which reads the settings that the others read."""
        command = [sys.executable, str(BASE_DIR / "manage.py"), "call_sample"]
        with subprocess.Popen(command, env=dict(values), cwd=BASE_DIR) as caller:
            if not supervisor.run(until=lambda: caller.poll() is not None):
                caller.terminate()
                return STOPPED_BY_HAND
            return caller.returncode

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from callcenter.launcher import AlreadyRunning, Plan, PortTaken, choose_ports, environment, only_launcher
from callcenter.launcher.running import everything_running


class Command(BaseCommand):
    help = "Runs every process of the product on this machine until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the portal listens")
        parser.add_argument("--speed", type=float, default=1.0, help="how much faster than life people are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with only_launcher(settings.LOCAL_DIR):
                self.run(port=options["port"], speed=options["speed"])
        except (AlreadyRunning, PortTaken) as problem:
            raise CommandError(str(problem)) from problem

    def run(self, *, port: int, speed: float) -> None:
        plan = Plan(
            ports=choose_ports(port),
            directory=settings.LOCAL_DIR,
            speed=speed,
            has_simulator=bool(settings.TWILIO_BASE_URL),
        )
        values = environment(plan)
        with everything_running(plan, environment=values) as supervisor:
            self.stdout.write(f"Centralita runs at {values['PUBLIC_BASE_URL']} (logs in {plan.directory / 'logs'}).")
            self.stdout.write("Ctrl-C stops it.")
            supervisor.run(until=lambda: False)

"""The whole product, running: database ready, every process alive, until the block is left."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from django.core.management import call_command

from callcenter import embedded
from callcenter.launcher.programs import Plan, programs
from callcenter.launcher.supervisor import Supervisor

log = structlog.get_logger(__name__)


@contextmanager
def everything_running(plan: Plan, *, environment: Mapping[str, str]) -> Iterator[Supervisor]:
    call_command("migrate", verbosity=0, interactive=False)
    with Supervisor(
        programs(plan),
        environment=environment,
        log_directory=plan.directory / "logs",
        also=_keep_embedded_servers,
    ) as supervisor:
        yield supervisor


def _keep_embedded_servers() -> None:
    try:
        embedded.keep_running()
    except RuntimeError as problem:
        log.warning("embedded_server_does_not_start", problem=str(problem))

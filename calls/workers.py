"""The workers that hold conversations and place calls: warm before the first job, and lean from job to job.

RQ's own bookkeeping around a job costs about as much as a turn's whole budget. Here a job that ends well leaves
nothing behind, and one that fails leaves a line in the log without the words that were said: a job's arguments and an
exception's text may hold them. A worker that dies loses its job, which is what the waiting door expects: it asks again.
"""

import gc
import traceback
from typing import Any

import structlog
from django.db import close_old_connections, connection
from rq import SimpleWorker
from rq.job import Job
from rq.queue import Queue
from rq.timeouts import JobTimeoutException

from callcenter import clock

HEARTBEAT_SECONDS = 15

log = structlog.get_logger(__name__)


def import_vendors() -> None:
    """Import what is slow to import (the vendors' SDKs take two seconds) once, before the pool forks."""
    import calls.conversation.jobs
    import calls.jobs  # noqa: F401
    from calls import providers

    providers.language_model()
    providers.speech()
    providers.telephony()
    for provider in (providers.language_model, providers.speech, providers.telephony):
        provider.cache_clear()
    gc.collect()
    gc.freeze()


import_vendors()
"""The pool's command imports this module to find the worker's class: that is the moment before the fork."""


def warm_up() -> None:
    """Open this worker's own connections; cold, the first job would pay 70 ms for them."""
    from calls import providers, turn_stream

    providers.language_model()
    providers.speech()
    providers.telephony()
    turn_stream.redis().ping()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


class WarmWorker(SimpleWorker):
    """For `rqworker-pool turns --worker-class calls.workers.WarmWorker`."""

    _beat_at = float("-inf")

    def work(self, *args: Any, **kwargs: Any) -> bool:
        warm_up()
        return bool(super().work(*args, **(kwargs | {"with_scheduler": False})))

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """RQ beats three times a job; every quarter of a minute is enough for a registration of eight minutes."""
        if pipeline is None and clock.monotonic() - self._beat_at < HEARTBEAT_SECONDS:
            return
        self._beat_at = clock.monotonic()
        super().heartbeat(timeout, pipeline)

    def set_state(self, state: str, pipeline: Any = None) -> None:
        """Only shown on dashboards; told when it changes for longer than a job."""
        self._state = state

    def execute_job(self, job: Job, queue: Queue) -> None:
        job.started_at = clock.now()
        try:
            with self.death_penalty_class(job.timeout, JobTimeoutException, job_id=job.id):
                job.perform()
        except Exception as error:  # noqa: BLE001  (one failed job must not end the worker)
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("job_failed", job=job.description, error=type(error).__name__, where=where)
            close_old_connections()
        self._forget(job, queue)

    def _forget(self, job: Job, queue: Queue) -> None:
        with self.connection.pipeline(transaction=False) as pipeline:
            pipeline.delete(job.key)
            pipeline.lrem(queue.intermediate_queue_key, 1, job.id)
            pipeline.execute()

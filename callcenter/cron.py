"""The schedule of `manage.py rqcron callcenter.cron`. What matters to the second runs in `run_dialer` instead.

Times are UTC. Every job may run twice, late or not at all without harm: it looks for what is due. The sweep has a queue
of its own, which the workers of dialing take too: slow recordings and long imports must not keep calls unsettled.
"""

from django.core.management import call_command
from rq import cron

from calls import jobs
from calls.conversation.jobs import evict_clips

MINUTE = 60


def clear_sessions() -> None:
    """Forget the sign-ins that have expired."""
    call_command("clearsessions")


cron.register(jobs.sweep, "sweeping", interval=MINUTE)
cron.register(jobs.fetch_missing_recordings, "default", interval=5 * MINUTE)
cron.register(jobs.settle_prices, "default", interval=MINUTE)
cron.register(evict_clips, "default", cron="41 3 * * *")
cron.register(clear_sessions, "default", cron="17 3 * * *")

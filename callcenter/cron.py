"""The schedule of `manage.py rqcron callcenter.cron`. What matters to the second runs in `run_dialer` instead.

Times are UTC. Every job may run twice, late or not at all without harm: it looks for what is due.
"""

from django.core.management import call_command
from rq import cron


def clear_sessions() -> None:
    """Forget the sign-ins that have expired."""
    call_command("clearsessions")


cron.register(clear_sessions, "default", cron="17 3 * * *")

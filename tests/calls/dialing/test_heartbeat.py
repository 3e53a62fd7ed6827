"""The dialer as a process of its own, on the database of the tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from callcenter import clock
from calls.heartbeat import LEADER_LOCK
from calls.models import Call
from calls.services.queueing import enqueue_overdue
from campaigns.models import ContactStatus, PassOverReason
from tests.factories import make_campaign, make_membership
from tests.simulator.server import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
HOLDERS = """
    SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE locktype = 'advisory' AND objid = %s AND granted AND datname = current_database()
"""


@contextmanager
def running_dialer(**environment: str) -> Iterator["subprocess.Popen[str]"]:
    url = os.environ["DATABASE_URL"].replace("/centralita", f"/{connection.settings_dict['NAME']}", 1)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_dialer"],
        cwd=django_settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url} | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@transaction.atomic
def somebody_is_due() -> None:
    """At once, as the services do it: a tick between campaign and script would pause it."""
    make_membership(campaign=make_campaign())


def leaders() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, [LEADER_LOCK])
        return [row[0] for row in cursor.fetchall()]


def end_session(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_it_queues_due_contacts_and_ends_cleanly_when_told():
    somebody_is_due()
    with running_dialer() as dialer:
        wait_until(lambda: Call.objects.exists(), seconds=50)
        dialer.send_signal(signal.SIGTERM)
        assert dialer.wait(timeout=60) == 0


def test_it_lets_those_wait_again_whose_legal_basis_was_recorded():
    blocked = {"status": ContactStatus.BLOCKED, "reason": PassOverReason.NO_LEGAL_BASIS}
    with transaction.atomic():
        campaign = make_campaign()
        make_membership(campaign=campaign, **blocked)
        make_membership(campaign=campaign, next_attempt_at=clock.now() + timedelta(hours=1))
    with running_dialer():
        wait_until(lambda: Call.objects.exists(), seconds=50)


def test_it_goes_on_when_the_database_has_dropped_it():
    with running_dialer():
        [leader] = wait_until(leaders, seconds=50)
        end_session(leader)
        wait_until(lambda: leaders() not in ([], [leader]), seconds=50)
        somebody_is_due()
        wait_until(lambda: Call.objects.exists(), seconds=50)


def test_a_second_dialer_stands_by_and_takes_over():
    with running_dialer() as first:
        wait_until(leaders, seconds=50)
        with running_dialer():
            first.send_signal(signal.SIGINT)
            assert first.wait(timeout=60) == 0
            somebody_is_due()
            wait_until(lambda: Call.objects.exists(), seconds=50)


def test_it_goes_on_without_redis_and_hands_the_calls_over_when_it_is_back(dialing_queue):
    with running_dialer(REDIS_URL="redis://127.0.0.1:1/0"):
        for expected in (1, 2):
            somebody_is_due()
            wait_until(lambda expected=expected: Call.objects.count() == expected, seconds=50)
    assert dialing_queue.jobs == []
    Call.objects.update(lease_expires_at=clock.now())
    assert enqueue_overdue(clock.now()) == 2
    assert len(dialing_queue.jobs) == 2

"""The dialer's process: one tick a second by a clock that never jumps, as long as nobody asks it to stop."""

import threading
from collections.abc import Iterator

import structlog
from django.db import DatabaseError, InterfaceError, connection

from callcenter import clock
from calls.conversation.preparing import Prepared, prepare_speech
from calls.dialer import tick
from calls.reasons import refresh_reasons
from campaigns.services import readmit_contacts

SECONDS_BETWEEN_TICKS = 1.0
TICKS_BETWEEN_REFRESHES = 5
TICKS_BETWEEN_READMISSIONS = 60
PORTION = 5000
"""Reasons brought up to date in one go; while there are more, each tick takes another portion."""
LEADER_LOCK = 0x4449414C
"""Key of the advisory lock that one dialer holds ("DIAL"); further ones stand by."""

log = structlog.get_logger(__name__)


def run(stop: threading.Event) -> None:
    """Tick until `stop` is set. A database that is away is waited for; the connection is made anew by itself."""
    reasons_are_stale = True
    prepared: set[Prepared] = set()
    for number in _beats(stop):
        try:
            if _leads():
                if number % TICKS_BETWEEN_READMISSIONS == 0:
                    readmit_contacts(now=clock.now())
                prepare_speech(prepared)
                _tick()
                if reasons_are_stale or number % TICKS_BETWEEN_REFRESHES == 0:
                    reasons_are_stale = refresh_reasons(clock.now(), at_most=PORTION) == PORTION
        except (DatabaseError, InterfaceError) as problem:
            log.warning("tick_failed", error=type(problem).__name__)
            connection.close()
    connection.close()


def _tick() -> None:
    began = clock.monotonic()
    ticked = tick(clock.now())
    milliseconds = round((clock.monotonic() - began) * 1000)
    if ticked.queued or ticked.paused or ticked.finished:
        log.info("ticked", queued=ticked.queued, paused=ticked.paused, finished=ticked.finished, ms=milliseconds)


def _leads() -> bool:
    """Asked at each beat: the lock belongs to the session, is lost with it, and may be taken again by its holder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_LOCK])
        return bool(cursor.fetchone()[0])


def _beats(stop: threading.Event) -> Iterator[int]:
    """Counts up once a second; a slow tick makes the next one come at once, not several in a row."""
    number, due = 0, clock.monotonic()
    while not stop.is_set():
        yield number
        number += 1
        due = max(due + SECONDS_BETWEEN_TICKS, clock.monotonic())
        stop.wait(max(0.0, due - clock.monotonic()))

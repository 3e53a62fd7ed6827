"""Calls made by hand, whose figures can be counted on the fingers."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.factories import make_call, make_campaign

NOW = datetime(2026, 1, 14, 12, tzinfo=UTC)


@pytest.fixture
def today():
    """Wednesday, 14 January 2026, 13:00 in Madrid."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


def make_placed(campaign, placed_at, status="completed", *, answered_by="", disposition="", seconds=None):
    """A call that ended; with `seconds` it was answered, after ten seconds of ringing."""
    at = datetime.fromisoformat(placed_at).replace(tzinfo=UTC)
    answered_at = None if seconds is None else at + timedelta(seconds=10)
    return make_call(
        campaign=campaign,
        status=status,
        placed_at=at,
        answered_at=answered_at,
        answered_by=answered_by,
        disposition=disposition,
        duration_seconds=seconds,
    )


@pytest.fixture
def citas(db, today):
    """Five placed calls on two days, three answered, two by a person; and one that was never placed."""
    campaign = make_campaign(name="Citas")
    make_placed(campaign, "2026-01-12T09:05", answered_by="human", disposition="interested", seconds=60)
    make_placed(campaign, "2026-01-12T09:55", "busy")
    make_placed(campaign, "2026-01-12T15:00", answered_by="voicemail", disposition="voicemail", seconds=20)
    make_placed(campaign, "2026-01-13T09:30", "no_answer")
    make_placed(campaign, "2026-01-13T23:30", answered_by="human", disposition="do_not_call", seconds=11)
    make_call(campaign=campaign, status="canceled")
    return campaign


@pytest.fixture
def ventas(db, today):
    """One failed call, long ago."""
    campaign = make_campaign(name="Ventas")
    make_placed(campaign, "2025-11-03T09:30", "failed", disposition="failed")
    return campaign

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.retry import next_attempt

NOW = datetime(2026, 1, 12, 10, tzinfo=UTC)
DELAYS = {"busy": 600, "no_answer": 14_400}


@pytest.mark.parametrize(
    ("outcome", "attempts", "seconds"),
    [
        ("busy", 1, 600),
        ("busy", 2, 600),
        ("no_answer", 1, 14_400),
        ("busy", 3, None),
        ("busy", 4, None),
        ("interested", 1, None),
        ("", 1, None),
    ],
)
def test_the_next_attempt_waits_for_its_outcomes_delay_until_the_attempts_are_used(outcome, attempts, seconds):
    due = next_attempt(outcome=outcome, attempts=attempts, max_attempts=3, delays=DELAYS, now=NOW)
    assert due == (None if seconds is None else NOW + timedelta(seconds=seconds))

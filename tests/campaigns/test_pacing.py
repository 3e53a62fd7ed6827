from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.pacing import free_capacity, start_times

NOW = datetime(2026, 1, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(("in_flight", "limit", "free"), [(0, 5, 5), (3, 5, 2), (5, 5, 0), (9, 5, 0), (0, 0, 0)])
def test_what_is_free_is_never_negative(in_flight, limit, free):
    assert free_capacity(in_flight=in_flight, limit=limit) == free


@pytest.mark.parametrize(
    ("last_start_seconds_ago", "expected_offsets"),
    [(None, [0, 0.5, 1]), (10, [0, 0.5, 1]), (0.2, [0.3, 0.8, 1.3]), (-3, [3.5, 4, 4.5])],
)
def test_starts_keep_their_distance_from_the_last_one_and_from_each_other(last_start_seconds_ago, expected_offsets):
    last = None if last_start_seconds_ago is None else NOW - timedelta(seconds=last_start_seconds_ago)
    starts = start_times(count=3, now=NOW, last_start_at=last, per_second=2)
    assert [(start - NOW).total_seconds() for start in starts] == expected_offsets


@pytest.mark.parametrize("per_second", [0, -1, Decimal(0)])
def test_a_rate_of_zero_starts_nothing(per_second):
    assert start_times(count=3, now=NOW, last_start_at=None, per_second=per_second) == []


@given(st.integers(1, 200), st.decimals(Decimal("0.01"), Decimal(100), places=2), st.integers(-5, 5))
def test_no_second_holds_more_starts_than_the_rate(count, per_second, last_seconds_ago):
    last = NOW - timedelta(seconds=last_seconds_ago)
    starts = [last, *start_times(count=count, now=NOW, last_start_at=last, per_second=per_second)]
    for first, start in enumerate(starts):
        within = [other for other in starts[first:] if other - start < timedelta(seconds=1)]
        assert len(within) <= max(1, ceil(per_second))

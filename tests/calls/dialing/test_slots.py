from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from calls.slots import Wish, plan_starts, spacing

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def plan(*wishes: Wish, account_rate: float = 100.0, last: datetime | None = None, room: int = 1000):
    return plan_starts(
        wishes,
        now=NOW,
        until=NOW + timedelta(seconds=2),
        account_per_second=account_rate,
        account_last_start_at=last,
        account_count=room,
    )


def test_a_campaign_starts_at_its_own_rate():
    starts = [at for _, at in plan(Wish("a", 50, 10, None))]
    assert len(starts) == 21
    assert {later - earlier for earlier, later in pairwise(starts)} == {timedelta(milliseconds=100)}


def test_the_stricter_of_the_two_rates_counts():
    assert len(plan(Wish("a", 50, 10, None), account_rate=2)) == 5


def test_the_distance_to_the_last_start_is_kept_across_ticks():
    [(_, first), *_] = plan(Wish("a", 5, 1, NOW - timedelta(milliseconds=400)))
    assert first == NOW + timedelta(milliseconds=600)


def test_two_campaigns_share_the_account_evenly():
    keys = [key for key, _ in plan(Wish("a", 50, 10, None), Wish("b", 50, 10, None), account_rate=10)]
    assert abs(keys.count("a") - keys.count("b")) <= 1


def test_nothing_starts_where_nothing_fits():
    assert plan(Wish("a", 0, 10, None)) == []
    assert plan(Wish("a", 5, 10, None), room=0) == []


wishes = st.lists(
    st.builds(
        Wish,
        key=st.uuids(),
        count=st.integers(0, 40),
        per_second=st.sampled_from([0.5, 1, 3, 20]),
        last_start_at=st.none() | st.integers(-3000, 2000).map(lambda ms: NOW + timedelta(milliseconds=ms)),
    ),
    max_size=6,
)


@given(wishes, st.sampled_from([1.0, 7.0, 50.0]), st.integers(0, 60))
def test_no_rate_and_no_limit_is_ever_broken(wanted, account_rate, room):
    given_out = plan(*wanted, account_rate=account_rate, room=room)
    assert len(given_out) <= room
    keeps_distance([at for _, at in given_out], account_rate, None)
    for wish in wanted:
        starts = [at for key, at in given_out if key == wish.key]
        assert len(starts) <= wish.count
        keeps_distance(starts, wish.per_second, wish.last_start_at)


def keeps_distance(starts, per_second, last):
    known = [last, *starts] if last else starts
    assert all(later - earlier >= spacing(per_second) for earlier, later in pairwise(known))
    assert all(NOW <= at <= NOW + timedelta(seconds=2) for at in starts)

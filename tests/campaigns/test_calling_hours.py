from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.calling_hours import InvalidWindows, holiday_name, is_open, next_opening, validate_windows

WORKING_WEEK = {str(day): [["10:00", "14:00"], ["16:00", "20:00"]] for day in range(5)}
EVERY_HOUR = {str(day): [["00:00", "24:00"]] for day in range(7)}
MADRID = ["Europe/Madrid"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-01-12T08:59:59", False),
        ("2026-01-12T09:00:00", True),
        ("2026-01-12T12:59:59", True),
        ("2026-01-12T13:00:00", False),
        ("2026-01-12T15:00:00", True),
        ("2026-01-17T10:00:00", False),
        ("2026-07-13T08:00:00", True),
        ("2026-07-13T07:59:59", False),
    ],
)
def test_a_window_is_read_on_the_wall_clock_of_the_zone_in_winter_and_summer(instant, expected):
    assert is_open(windows=WORKING_WEEK, zones=MADRID, now=at(instant)) is expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [("2026-01-12T09:30:00", False), ("2026-01-12T15:30:00", True), ("2026-01-12T20:00:00", False)],
)
def test_a_call_must_be_allowed_in_every_zone(instant, expected):
    zones = ["Europe/Madrid", "America/New_York"]
    assert is_open(windows=WORKING_WEEK, zones=zones, now=at(instant)) is expected


@pytest.mark.parametrize("zones", [[], [""], ["Mars/Olympus"], ["Europe/Madrid", "Mars/Olympus"], ["../etc/passwd"]])
def test_no_zone_or_an_unknown_one_is_closed_for_ever(zones):
    now = at("2026-01-12T10:00:00")
    assert not is_open(windows=EVERY_HOUR, zones=zones, now=now)
    assert next_opening(windows=EVERY_HOUR, zones=zones, now=now) is None


def test_a_window_until_midnight_holds_the_last_minute_of_the_day_and_not_the_next_one():
    windows = {"0": [["22:00", "24:00"]]}
    assert is_open(windows=windows, zones=["UTC"], now=at("2026-01-12T23:59:59"))
    assert not is_open(windows=windows, zones=["UTC"], now=at("2026-01-13T00:00:00"))


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-01-12T10:00:00", "2026-01-12T10:00:00"),
        ("2026-01-12T13:30:00", "2026-01-12T15:00:00"),
        ("2026-01-16T19:30:00", "2026-01-19T09:00:00"),
        ("2026-03-28T12:00:00", "2026-03-30T08:00:00"),
    ],
)
def test_the_next_opening_skips_lunch_the_weekend_and_the_change_of_clocks(now, opening):
    assert next_opening(windows=WORKING_WEEK, zones=MADRID, now=at(now)) == at(opening)


def test_a_window_that_begins_in_the_lost_hour_opens_when_the_clocks_have_jumped():
    windows = {"6": [["02:30", "05:00"]]}
    assert next_opening(windows=windows, zones=MADRID, now=at("2026-03-28T12:00:00")) == at("2026-03-29T01:00:00")


def test_a_window_inside_the_hour_that_comes_twice_opens_twice():
    windows = {"6": [["02:15", "02:45"]]}
    assert next_opening(windows=windows, zones=MADRID, now=at("2026-10-25T00:45:00")) == at("2026-10-25T01:15:00")


def test_windows_that_never_meet_have_no_opening():
    windows = {"0": [["10:00", "11:00"]]}
    zones = ["Europe/Madrid", "America/New_York"]
    assert next_opening(windows=windows, zones=zones, now=at("2026-01-12T10:00:00")) is None


times = st.integers(0, 288).map(lambda five: f"{five // 12:02}:{five % 12 * 5:02}")
spans = st.tuples(times, times).map(sorted).filter(lambda span: span[0] < span[1]).map(list)
weeks = st.dictionaries(st.sampled_from("0123456"), st.lists(spans, max_size=2), min_size=1)
zone_names = ["Europe/Madrid", "America/New_York", "America/Phoenix", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
zone_lists = st.lists(st.sampled_from(zone_names), min_size=1, max_size=3, unique=True)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
near_a_change = st.sampled_from(["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"])
changes = st.tuples(near_a_change, st.integers(0, 2 * 86_400)).map(
    lambda pair: at(f"{pair[0]}T00:00:00") + timedelta(seconds=pair[1])
)


@settings(max_examples=150, deadline=None)
@given(weeks, zone_lists, st.one_of(instants, changes))
def test_the_next_opening_is_open_and_nothing_earlier_is(windows, zones, now):
    opening = next_opening(windows=windows, zones=zones, now=now)
    end = opening or now + timedelta(days=14)
    assert opening is None or is_open(windows=windows, zones=zones, now=opening)
    assert end == now or not is_open(windows=windows, zones=zones, now=end - timedelta(microseconds=1))
    grid = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) + timedelta(minutes=5)
    while grid < end:
        assert not is_open(windows=windows, zones=zones, now=grid), grid
        grid += timedelta(minutes=5)


@settings(max_examples=200, deadline=None)
@given(weeks, zone_lists, instants)
def test_more_zones_never_open_what_one_of_them_closes(windows, zones, now):
    together = is_open(windows=windows, zones=zones, now=now)
    assert together == all(is_open(windows=windows, zones=[zone], now=now) for zone in zones)


@pytest.mark.parametrize(
    ("windows", "weekday", "words"),
    [
        ({"0": [["14:00", "10:00"]]}, "0", "ends (10:00) before it begins (14:00)"),
        ({"0": [["10:00", "10:00"]]}, "0", "before it begins"),
        ({"2": [["10:00", "14:00"], ["13:00", "15:00"]]}, "2", "10:00-14:00 and 13:00-15:00 overlap"),
        ({"1": [["10:00", "25:00"]]}, "1", "25:00 is not a time of day"),
        ({"1": [["9:00", "10:00"]]}, "1", "9:00 is not a time of day"),
        ({"1": [["10:00"]]}, "1", "Write windows as"),
        ({"1": "10:00-12:00"}, "1", "Write windows as"),
        ({"7": [["10:00", "12:00"]]}, "", "Unknown weekday: 7"),
        ({}, "", "at least one"),
        ({"0": []}, "", "at least one"),
        (None, "", "at least one"),
    ],
)
def test_windows_that_make_no_sense_are_refused_with_their_weekday(windows, weekday, words):
    with pytest.raises(InvalidWindows) as refusal:
        validate_windows(windows)
    assert words in str(refusal.value)
    assert refusal.value.weekday == weekday


@pytest.mark.parametrize("windows", [WORKING_WEEK, EVERY_HOUR, {"0": [["10:00", "12:00"], ["12:00", "24:00"]]}])
def test_sensible_windows_pass(windows):
    validate_windows(windows)


@pytest.mark.parametrize(
    ("country", "day", "is_holiday"),
    [
        ("ES", date(2026, 12, 8), True),
        ("ES", date(2026, 12, 9), False),
        ("MX", date(2026, 9, 16), True),
        ("US", date(2026, 7, 4), True),
        ("XX", date(2026, 12, 25), False),
        ("", date(2026, 12, 25), False),
    ],
)
def test_public_holidays_are_those_of_the_country(country, day, is_holiday):
    assert bool(holiday_name(country=country, day=day)) is is_holiday

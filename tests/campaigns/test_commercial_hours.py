from datetime import UTC, date, datetime

import pytest

from campaigns.commercial_hours import commercial_hours_for

TODAY = date(2026, 11, 23)  # a Monday
SPAIN = commercial_hours_for("+34911234567", on=TODAY)
MADRID = ["Europe/Madrid"]


@pytest.mark.parametrize(
    ("day", "hour", "minute", "is_open"),
    [
        (23, 7, 59, False),
        (23, 8, 0, True),
        (23, 19, 59, True),
        (23, 20, 0, False),
        (21, 12, 0, False),
        (22, 12, 0, False),
    ],
    ids=["8:59", "9:00", "20:59", "21:00", "Saturday", "Sunday"],
)
def test_spain_hears_commercial_calls_from_nine_to_nine_on_working_days(day, hour, minute, is_open):
    assert SPAIN.is_open(zones=MADRID, now=datetime(2026, 11, day, hour, minute, tzinfo=UTC)) is is_open


def test_it_must_be_a_lawful_hour_in_every_zone():
    nine_in_madrid = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert not SPAIN.is_open(zones=[*MADRID, "Atlantic/Canary"], now=nine_in_madrid)


def test_a_country_without_such_a_law_sets_no_hours():
    assert commercial_hours_for("+525512345678", on=TODAY) is None


def test_a_law_does_not_hold_before_its_time():
    assert commercial_hours_for("+34911234567", on=date(2010, 1, 1)) is None


@pytest.mark.parametrize(
    ("windows", "weekday"),
    [
        ({"0": [["09:00", "21:00"]]}, None),
        ({"0": [["08:59", "12:00"]]}, "0"),
        ({"0": [["10:00", "14:00"]], "3": [["16:00", "21:01"]]}, "3"),
        ({"5": [["10:00", "12:00"]]}, "5"),
        ({"6": []}, None),
    ],
)
def test_the_first_day_outside_the_law_is_found(windows, weekday):
    assert SPAIN.first_day_outside(windows) == weekday


def test_windows_are_narrowed_to_what_the_law_allows():
    windows = {"0": [["07:00", "10:00"], ["20:00", "24:00"]], "1": [["06:00", "08:00"]], "6": [["10:00", "12:00"]]}
    assert SPAIN.narrow(windows) == {"0": [["09:00", "10:00"], ["20:00", "21:00"]]}

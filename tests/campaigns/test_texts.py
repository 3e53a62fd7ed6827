import pytest

from campaigns.calling_hours import InvalidWindows
from campaigns.durations import NotADuration, parse_duration, write_duration
from campaigns.windows_text import parse_spans, write_spans


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30 s", 30), ("15min", 900), ("15 m", 900), ("4 H", 14_400), (" 1 d ", 86_400), ("0 s", 0), ("90 min", 5400)],
)
def test_lengths_of_time_are_read(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "h", "4 hours", "-4 h", "4.5 h", "4 h 30 min", "99999999 s"])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(NotADuration):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(30, "30 s"), (900, "15 min"), (14_400, "4 h"), (86_400, "1 d"), (5400, "90 min"), (61, "61 s")],
)
def test_lengths_of_time_are_written_in_their_largest_whole_unit(seconds, text):
    assert write_duration(seconds) == text
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("10:00-14:00, 16:00-20:00", [["10:00", "14:00"], ["16:00", "20:00"]]),
        ("16:00-20:00;10:00-14:00", [["10:00", "14:00"], ["16:00", "20:00"]]),
        ("9-14 y 16-20", [["09:00", "14:00"], ["16:00", "20:00"]]),
        ("9:30 – 24:00", [["09:30", "24:00"]]),
        ("  ", []),
    ],
)
def test_a_day_is_read_as_people_write_it(text, spans):
    assert parse_spans(text) == spans
    assert parse_spans(write_spans(spans)) == spans


@pytest.mark.parametrize("text", ["10:00", "ten to two", "10:00-14:00 16:00-20:00", "10:0-14:00", "-"])
def test_what_is_no_window_is_refused(text):
    with pytest.raises(InvalidWindows, match="is no window"):
        parse_spans(text)

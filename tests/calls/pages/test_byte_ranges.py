"""Which bytes a player gets (RFC 9110, section 14)."""

import pytest

from calls.byte_ranges import RangeNotSatisfiable, parse_range

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", None),
        ("bytes=0-", range(1000)),
        ("bytes=0-0", range(1)),
        ("bytes=10-19", range(10, 20)),
        ("bytes=990-5000", range(990, 1000)),
        ("bytes=-1", range(999, 1000)),
        ("bytes=-5000", range(1000)),
        ("bytes=0-1,5-6", None),
        ("bytes=9-3", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=١-٢", None),
        ("seconds=1-2", None),
    ],
)
def test_a_range_header_names_one_stretch_or_the_whole(header, wanted):
    assert parse_range(header, SIZE) == wanted


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_stretch_beyond_the_end_cannot_be_served(header):
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, SIZE)

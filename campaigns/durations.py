"""Lengths of time as people write them: "30 s", "15 min", "4 h", "1 d"."""

import re

UNIT_SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
WRITTEN = re.compile(r"(\d{1,7})\s*(s|min|m|h|d)", re.IGNORECASE)


class NotADuration(ValueError):
    """What stands there is no length of time."""


def parse_duration(text: str) -> int:
    """Seconds of "15 min"."""
    match = WRITTEN.fullmatch(text.strip())
    if match is None:
        raise NotADuration(text)
    amount, unit = match.groups()
    return int(amount) * UNIT_SECONDS["min" if unit.lower() == "m" else unit.lower()]


def write_duration(seconds: int) -> str:
    """In the largest unit that leaves no rest: 5400 is "90 min"."""
    unit, length = next((unit, length) for unit, length in UNIT_SECONDS.items() if seconds % length == 0)
    return f"{seconds // length} {unit}"

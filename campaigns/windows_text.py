"""A day's calling windows as people write them: "10:00-14:00, 16:00-20:00"."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from campaigns.calling_hours import InvalidWindows

SEPARATORS = re.compile(r"\s*(?:[,;]|\s[yo&]\s|\sand\s)\s*")
SPAN = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.h](\d{2}))?")


def parse_spans(text: str) -> list[list[str]]:
    """Spans of local time, in order; nothing written means no calls on that day."""
    pieces = [piece for piece in SEPARATORS.split(text.strip()) if piece]
    return sorted(_parse_span(piece) for piece in pieces)


def write_spans(spans: Sequence[Sequence[str]]) -> str:
    return ", ".join("-".join(span) for span in spans)


def _parse_span(piece: str) -> list[str]:
    match = SPAN.fullmatch(piece)
    if match is None:
        message = _("“%(text)s” is no window. Write windows as 10:00-14:00, 16:00-20:00.")
        raise InvalidWindows(message % {"text": piece[:40]})
    from_hour, from_minute, to_hour, to_minute = match.groups(default="00")
    return [f"{from_hour:0>2}:{from_minute}", f"{to_hour:0>2}:{to_minute}"]

"""Values brought within the limits of a schema."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from simulator.openai.pattern_text import text_matching

FORMATS = {
    "email": r"[^@\s]+@[^@\s]+\.\w+",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "uri": r"\w+://\S+",
    "date": r"\d{4}-\d\d-\d\d",
    "time": r"\d\d:\d\d:\d\d.*",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*",
}
UNKNOWN = {
    "email": "unknown@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
}
FILLER = "-"


def fit_text(text: str, schema: Mapping[str, Any], now: datetime) -> str:
    form, pattern = schema.get("format"), schema.get("pattern")
    if form in FORMATS and not re.fullmatch(FORMATS[form], text):
        text = UNKNOWN.get(form) or in_format(form, text, now)
    if pattern and not re.search(pattern, text):
        text = text_matching(pattern) or text
    longest = schema.get("maxLength")
    if longest is not None and len(text) > longest:
        text = text[:longest].rpartition(" ")[0] or text[:longest]
    return text + FILLER * (schema.get("minLength", 0) - len(text))


def in_format(form: str, text: str, now: datetime) -> str:
    """The moment told, or the present where none was."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = now
    if form == "date":
        return moment.date().isoformat()
    return moment.strftime("%H:%M:%S") + ("Z" if form == "time" else "") if form == "time" else zoned(moment)


def zoned(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds") + ("" if moment.tzinfo else "Z")


def fit_number(value: float, schema: Mapping[str, Any]) -> float:
    step = schema.get("multipleOf") or (1 if schema.get("type") == "integer" else None)
    nudge = step or 1e-6
    low = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf) + nudge)
    high = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf) - nudge)
    value = min(max(value, low), high)
    if step:
        value = math.ceil(value / step) * step
        value = value - step if value > high else value
    return int(value) if schema.get("type") == "integer" else value

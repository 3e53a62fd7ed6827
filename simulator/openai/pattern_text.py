"""The shortest text that a regular expression describes."""

import re
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

SAMPLES = {
    "CATEGORY_DIGIT": "0",
    "CATEGORY_WORD": "a",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": " ",
}
LETTERS = "a0 -_.ABCxyz"


def text_matching(pattern: str) -> str:
    """Empty when the pattern needs more than sequences, choices, sets and repeats."""
    try:
        found = write(parser.parse(pattern))
        return found if re.search(pattern, found) else ""
    except re.error:
        return ""


def write(parsed: Any) -> str:
    return "".join(write_part(kind, value) for kind, value in parsed)


def write_part(kind: Any, value: Any) -> str:
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.IN:
        return write_set(value)
    if kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT):
        return write(value[2]) * value[0]
    if kind is kinds.SUBPATTERN:
        return write(value[3])
    if kind is kinds.BRANCH:
        return write(value[1][0])
    if kind is kinds.NOT_LITERAL:
        return next(letter for letter in LETTERS if ord(letter) != value)
    return "a" if kind is kinds.ANY else ""


def write_set(parts: Any) -> str:
    kind, value = parts[0]
    if kind is kinds.NEGATE:
        excluded = re.compile(
            "[" + "".join(re.escape(chr(item)) for name, item in parts[1:] if name is kinds.LITERAL) + "]"
        )
        return next(letter for letter in LETTERS if not excluded.match(letter))
    if kind is kinds.RANGE:
        return chr(value[0])
    return SAMPLES.get(str(value), "a") if kind is kinds.CATEGORY else chr(value)

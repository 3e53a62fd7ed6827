"""Do the product's record of a conversation and the practice network's agree?"""

import re
from collections.abc import Iterable
from typing import Any

from calls.models import Call

CARRIERS_OWN = "We are sorry, an application error has occurred. Goodbye."
"""What the carrier itself says when a webhook and its fallback fail; nobody tells us."""


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def unrecorded_words(call: Call, at_carrier: dict[str, Any]) -> list[str]:
    """Sentences that the person heard from the assistant and that our turns do not hold, in their order."""
    ours = words(" ".join(turn.said for turn in call.turns.all()))
    return _missing(ours, _lines(at_carrier, "assistant"))


def invented_words(call: Call, at_carrier: dict[str, Any]) -> list[str]:
    """What our turns say that the person said, and the person did not."""
    theirs = words(" ".join(_lines(at_carrier, "person")))
    return _missing(theirs, (turn.heard for turn in call.turns.all() if not turn.heard.startswith("[")))


def _lines(at_carrier: dict[str, Any], speaker: str) -> list[str]:
    lines = [line["text"] for line in at_carrier["transcript"] if line["speaker"] == speaker]
    return [line for line in lines if not CARRIERS_OWN.startswith(line)]


def _missing(text: str, lines: Iterable[str]) -> list[str]:
    missing, position = [], 0
    for line in lines:
        found = text.find(words(line), position)
        if found < 0:
            missing.append(line)
        else:
            position = found + len(words(line))
    return missing

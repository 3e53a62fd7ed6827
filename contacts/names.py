"""How names are put together and ordered."""

import re
import unicodedata

ACCENTS = re.compile("[\u0300-\u036f]")
LONGEST_SORT_NAME = 200
AFTER_N = "n~"
"""The letter ñ stands between n and o; the tilde sorts behind every letter."""


def joined_name(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def sort_name(name: str) -> str:
    """The key by which lists are ordered: without capitals and accents, so that Álvaro stands before Beatriz."""
    folded = name.casefold()
    if not folded.isascii():
        letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", folded).replace("ñ", AFTER_N))
        folded = ACCENTS.sub("", letters)
    return folded[:LONGEST_SORT_NAME]

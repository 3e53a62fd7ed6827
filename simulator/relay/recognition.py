"""What a recogniser makes of words: how it writes them down, and what it gets wrong."""

import random
import re

SOUNDS_LIKE = str.maketrans("bpdtgcsfmnvzlr", "pbtdcgfsnmbsrl")
CONSONANT = re.compile(r"[bpdtgcsfmnvzlr]", re.IGNORECASE)
DIGIT = re.compile(r"\d")
PUNCTUATION = re.compile(r"[^\w\s'@.-]")
ENDS = re.compile(r"[.-]+(?=\s|$)")


def mishear(words: str, *, share: float, dice: random.Random) -> str:
    return " ".join(confuse(word) if dice.random() < share else word for word in words.split())


def confuse(word: str) -> str:
    """One consonant is taken for a neighbour, one digit for the next."""
    if DIGIT.search(word):
        return DIGIT.sub(lambda found: str((int(found[0]) + 1) % 10), word, count=1)
    return CONSONANT.sub(lambda found: like(found[0]), word, count=1)


def like(letter: str) -> str:
    confused = letter.lower().translate(SOUNDS_LIKE)
    return confused.upper() if letter.isupper() else confused


def unformatted(words: str) -> str:
    """Without smart formatting: no capitals, no punctuation."""
    return ENDS.sub("", PUNCTUATION.sub("", words)).lower().strip()


def unfinished(words: str) -> str:
    """A partial result: the punctuation of the end is not known yet."""
    return words.rstrip(" .,;:!?…")

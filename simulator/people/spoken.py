"""Numbers, names and dates as people say them, or as a recogniser writes down what they say."""

import random
import re
from collections.abc import Mapping, Sequence

PHONE_STARTS = {"es-ES": "6", "es-MX": "55", "en": "2025550"}
PHONE_LENGTH = {"es-ES": 9}
PHONE_GROUPS = {
    "es-ES": ((3, 2, 2, 2), (3, 3, 3)),
    "es-MX": ((2, 4, 4), (3, 3, 4), (2, 2, 2, 2, 2)),
    "en": ((3, 3, 4),),
}


def fill(text: str, pieces: Mapping[str, Sequence[str]], dice: random.Random, language: str) -> str:
    """{phone}, {phone_words}, {postal_code}, and {name} for one of a list of `[pieces]`; others stay as they are."""

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name == "phone":
            return phone(dice, language)
        if name == "phone_words":
            return in_words(phone(dice, language), pieces["digits"])
        if name == "postal_code":
            return postal_code(dice, language)
        return dice.choice(pieces[name]) if name in pieces else match[0]

    return re.sub(r"\{(\w+)\}", replace, text)


def phone(dice: random.Random, language: str) -> str:
    """In the groups usual in the country."""
    country = language if language in PHONE_GROUPS else "en"
    start = PHONE_STARTS[country]
    missing = PHONE_LENGTH.get(country, 10) - len(start)
    return grouped(start + digits(missing, dice), dice.choice(PHONE_GROUPS[country]))


def grouped(number: str, lengths: Sequence[int]) -> str:
    ends = [sum(lengths[: count + 1]) for count in range(len(lengths))]
    return " ".join(number[end - length : end] for length, end in zip(lengths, ends, strict=True))


def postal_code(dice: random.Random, language: str) -> str:
    """Spanish codes begin with one of fifty-two provinces."""
    return f"{dice.randint(1, 52):02d}{digits(3, dice)}" if language == "es-ES" else digits(5, dice)


def digits(count: int, dice: random.Random) -> str:
    return "".join(dice.choice("0123456789") for _ in range(count))


def in_words(number: str, names: Sequence[str]) -> str:
    """Digit by digit, with a pause between the groups."""
    return ", ".join(" ".join(names[int(digit)] for digit in group) for group in number.split())

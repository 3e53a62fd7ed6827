"""What a question wants to be told."""

import re

from simulator.people.words import means, plain

QUESTION_INTENTS = (
    "still_there",
    "more",
    "identity",
    "choice",
    "spelling",
    "email_asked",
    "email",
    "phone",
    "postal_code",
    "address",
    "money",
    "score",
    "household",
    "age",
    "duration",
    "amount",
    "date",
    "moment",
    "reason",
    "opinion",
)
PREPOSITIONS = r"(?:(?:por|en|a|al|de|con|el|la|un|una|by|in|on|at|the)\s+)*"
ALTERNATIVES = re.compile(
    rf"\b({PREPOSITIONS})(\w+)\s+(?:o|u|or)\s+({PREPOSITIONS})(\w+(?:\s\w+)?)\W*$",
    re.IGNORECASE,
)


def intent_of(question: str) -> str:
    """One of these, or nothing for what is answered with yes or no."""
    return next((intent for intent in QUESTION_INTENTS if is_asked(question, intent)), "")


def is_asked(question: str, intent: str) -> bool:
    return means(question, intent) and (intent != "choice" or bool(alternatives(question)))


def alternatives(question: str) -> list[str]:
    """Por correo o mensaje: por correo, por mensaje."""
    found = ALTERNATIVES.search(question)
    if found is None:
        return []
    before, first, between, second = found.groups()
    if second.lower() in ("no", "not"):
        return []
    return [f"{before}{first}".lower(), f"{between or before}{second}".lower()]


def named_choices(question: str) -> dict[str, list[str]]:
    """As pieces of an answer, which may begin with one."""
    found = alternatives(question)
    return {"choice": found, "Choice": [text[:1].upper() + text[1:] for text in found]}


def gender_asked(question: str) -> str:
    """Of the person asked for, as far as a first name tells; people agree with it when they say who they are."""
    words = re.sub(r"\W+", " ", plain(question))
    return next((kind for kind in ("woman", "man") if means(words, f"{kind}_asked")), "")

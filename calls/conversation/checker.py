"""What the assistant may not say, whatever the model writes. It reads along and can only stop the turn."""

import re

MAX_SPOKEN_CHARACTERS = 700
"""About three quarters of a minute; nobody listens longer on the telephone."""

CLAIMS_TO_BE_HUMAN = re.compile(
    r"\b(?:soy|le habla|le atiende) (?:una persona|un humano|una humana|humano|humana|de carne y hueso)\b"
    r"|\bno soy (?:un|una) (?:robot|máquina|maquina|asistente virtual|inteligencia artificial|ia)\b"
    r"|\bi(?:'m| am) (?:a (?:real )?(?:person|human)|human)\b"
    r"|\bi(?:'m| am) not (?:a (?:robot|bot|machine)|an (?:ai|assistant|artificial))\b",
    re.IGNORECASE,
)
"""The EU's AI Act, article 50(1): nobody is left believing that they talk to a person."""
TOO_LONG = "too_long"
LEAKS_INSTRUCTIONS = re.compile(r"# (?:Purpose|Facts|Already said|Earlier calls|Questions)\b|\bmark_do_not_call\b")


def objection(text: str) -> str:
    """Why these words, all that the assistant has said in this turn, may not be said; empty when they may."""
    if len(text) > MAX_SPOKEN_CHARACTERS:
        return TOO_LONG
    if CLAIMS_TO_BE_HUMAN.search(text):
        return "claims_to_be_human"
    if LEAKS_INSTRUCTIONS.search(text):
        return "leaks_instructions"
    return ""

"""A conversation to be analysed: the messages themselves, or a transcript written into one of them."""

import json
import re
from collections.abc import Iterator
from typing import Any

from simulator.openai.phrases import folded, stop_words
from simulator.openai.prompt import Prompt, Said

PERSON = "person persona cliente customer client user usuario contact contacto caller callee llamado human"
ASSISTANT = "assistant asistente agent agente bot ai ia operador teleoperador system"
SPEAKERS = dict.fromkeys(PERSON.split(), "person") | dict.fromkeys(ASSISTANT.split(), "assistant")
LINE = re.compile(r"^\s*(?:[-*]\s*)?(?:\[[\d:. ]+\]\s*)?\**(\w+)\**\s*(?:\([^)]*\))?\s*:\**\s*(.+?)\s*$", re.MULTILINE)
FEWEST_LINES = 2
COMMON = {
    "es-ES": "que el la los las de por para con una un si no me le su es esta gracias",
    "en": "the you your is are it to of for and yes thank thanks this that i",
}


def read_transcript(prompt: Prompt) -> tuple[Said, ...]:
    for text in (*(said.text for said in prompt.conversation), prompt.system):
        lines = tuple(from_json(text) or from_lines(text))
        if len(lines) >= FEWEST_LINES:
            return lines
    return prompt.conversation


def from_lines(text: str) -> Iterator[Said]:
    for speaker, words in LINE.findall(text):
        if folded(speaker) in SPEAKERS:
            yield Said(SPEAKERS[folded(speaker)], words)


def from_json(text: str) -> list[Said]:
    start, end = text.find("["), text.rfind("]")
    if start < 0 or '"' not in text[start:end]:
        return []
    try:
        found = json.loads(text[start : end + 1])
    except ValueError:
        return []
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    return [said for entry in entries for said in from_entry(entry)]


def from_entry(entry: dict[str, Any]) -> Iterator[Said]:
    """One speaker's words, or both halves of a turn."""
    speaker = SPEAKERS.get(folded(str(entry.get("speaker") or entry.get("role") or "")), "")
    words = entry.get("text") or entry.get("content") or entry.get("words")
    if speaker and words:
        yield Said(speaker, str(words))
    for key, half in (("heard", "person"), ("said", "assistant")):
        if entry.get(key):
            yield Said(half, str(entry[key]))


def language_of(prompt: Prompt, lines: tuple[Said, ...]) -> str:
    """What the prompt says, else what is spoken."""
    if prompt.has_language:
        return prompt.language
    words = re.findall(r"\w+", folded(" ".join(said.text for said in lines)))
    counts = {language: sum(word in common.split() for word in words) for language, common in COMMON.items()}
    return max(counts, key=lambda language: counts[language])


def words_of_name(text: str) -> frozenset[str]:
    """The words of a property's name, as they would be of a sentence."""
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    words = re.findall(r"[a-z0-9]{2,}", folded(parted.replace("_", " ")))
    return frozenset(word for word in words if word not in stop_words())

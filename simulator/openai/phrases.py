"""The scripted assistant's small tables: what it understands, what it says."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from simulator.people.words import plain

FOLDER = Path(__file__).parent / "phrases"
DEFAULT_LANGUAGE = "en"
PARENT = {"es-MX": "es"}
REMEMBERED_TEXTS = 20_000
Table = dict[str, Any]


@dataclass(frozen=True)
class Phrases:
    """What is said in one language."""

    says: dict[str, list[str]]
    purpose: dict[str, re.Pattern[str]]
    when: Table
    analysis: dict[str, str]


@cache
def files() -> dict[str, dict[str, Table]]:
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


@cache
def read_phrases(language: str) -> Phrases:
    """By the language with its country, else by the language alone, else English."""
    found = next((name for name in (language, language[:2].lower()) if name in files()), DEFAULT_LANGUAGE)
    parts = [files()[name] for name in (PARENT.get(found, found), found)]
    table = {key: parts[0].get(key, {}) | parts[1].get(key, {}) for key in ("says", "purpose", "when", "analysis")}
    purpose = {name: re.compile(pattern) for name, pattern in table["purpose"].items()}
    return Phrases(table["says"], purpose, table["when"], table["analysis"])


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Of all languages together: it understands more than it speaks. Each begins at a word: "bueno" holds no "no"."""
    gathered: dict[str, list[str]] = {}
    for file in files().values():
        for intent, found in file.get("understands", {}).items():
            gathered.setdefault(intent, []).extend(found)
    whole_words = {intent: "|".join(rf"\b(?:{pattern})" for pattern in found) for intent, found in gathered.items()}
    return {intent: re.compile(pattern) for intent, pattern in whole_words.items()}


ACCENTED = ("asks",)
"""Without accents "que" and "qué" were one word."""


@lru_cache(maxsize=REMEMBERED_TEXTS)
def intents_of(text: str) -> frozenset[str]:
    """Everything that these words may mean. Remembered, as every turn of a call reads the earlier ones again."""
    words = simple(text)
    accented = re.sub(r"\s+", " ", text.lower()).strip(" ¡¿!?.,…")
    return frozenset(
        intent for intent, pattern in patterns().items() if pattern.search(accented if intent in ACCENTED else words)
    )


@lru_cache(maxsize=REMEMBERED_TEXTS)
def folded(text: str) -> str:
    """Lower case without accents; remembered."""
    return plain(text)


@lru_cache(maxsize=REMEMBERED_TEXTS)
def simple(text: str) -> str:
    """Lower case, without accents and without the marks between words."""
    return re.sub(r"[\s¡¿!?.,;:…]+", " ", folded(text).replace("’", "'")).strip()


@cache
def stop_words() -> frozenset[str]:
    """Of all languages together: words that say nothing about what is asked."""
    return frozenset(word for file in files().values() for word in str(file.get("stop_words", "")).split())


@cache
def families() -> dict[str, frozenset[str]]:
    """Words that ask for or tell the same thing, such as price and cost."""
    found = (file.get("families", {}) for file in files().values())
    return {name: frozenset(words.split()) for part in found for name, words in part.items()}


@lru_cache(maxsize=REMEMBERED_TEXTS)
def content_words(text: str) -> frozenset[str]:
    """Stems of six letters bring together horario and horarios; families bring together street and address."""
    words = re.findall(r"[a-z0-9]{3,}", plain(text))
    stems = {word[:6].rstrip("s") for word in words if word not in stop_words()}
    return frozenset(stems | {name for name, family in families().items() if not family.isdisjoint(words)})


def overlap(asked: frozenset[str], offered: frozenset[str]) -> float:
    return len(asked & offered) / len(asked) if asked else 0.0

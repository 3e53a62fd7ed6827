"""The scripted assistant's small tables: what it understands, what it says."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from simulator.people.words import plain

FOLDER = Path(__file__).parent / "phrases"
DEFAULT_LANGUAGE = "en"
SOON_MINUTES = 59


@dataclass(frozen=True)
class Phrases:
    understands: dict[str, re.Pattern[str]]
    says: dict[str, list[str]]
    when: dict[str, Any]

    def hears(self, intent: str, text: str) -> bool:
        return bool(self.understands[intent].search(plain(text).strip(" ¡¿!?.,")))

    def say(self, intent: str, key: str, **values: str) -> str:
        """One of the variants, always the same one for the same key."""
        variants = self.says[intent]
        digest = hashlib.sha256(f"{intent}|{key}".encode()).digest()
        return variants[digest[0] % len(variants)].format(**values)

    def tell_moment(self, moment: datetime, now: datetime) -> str:
        minutes = round((moment - now).total_seconds() / 60)
        if minutes <= SOON_MINUTES:
            return str(self.when["minute" if minutes <= 1 else "minutes"].format(count=minutes))
        days = (moment.date() - now.date()).days
        name = {0: "today", 1: "tomorrow"}.get(days, "day")
        weekday = self.when["weekdays"][moment.weekday()]
        return str(self.when[name].format(weekday=weekday, clock=moment.strftime("%H:%M")))


@cache
def read_phrases(language: str) -> Phrases:
    """Speaks one language and understands all of them, as the real models do."""
    files = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
    data = files.get(language.split("-")[0].lower(), files[DEFAULT_LANGUAGE])
    understands = {
        intent: re.compile("|".join(pattern for file in files.values() for pattern in file["understands"][intent]))
        for intent in data["understands"]
    }
    return Phrases(understands, data["says"], data["when"])


@cache
def stop_words() -> frozenset[str]:
    """Of all languages together: words that say nothing about what is asked."""
    files = sorted(FOLDER.glob("*.toml"))
    return frozenset(word for path in files for word in tomllib.loads(path.read_text("utf-8"))["stop_words"].split())


@cache
def families() -> dict[str, frozenset[str]]:
    """Words that ask for or tell the same thing, such as price and cost."""
    files = sorted(FOLDER.glob("*.toml"))
    found = (tomllib.loads(path.read_text("utf-8"))["families"] for path in files)
    return {name: frozenset(words.split()) for part in found for name, words in part.items()}

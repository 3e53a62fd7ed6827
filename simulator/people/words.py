"""What people understand and say, read from the word files."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
PARENT = {"es-MX": "es-ES"}
DEFAULT_LANGUAGE = "en"
ABBREVIATED = re.compile(r"\b(D|Dña|Dr|Dra|Ing|Lic|Mr|Mrs|Ms|Prof|Sr|Sra|Srta)\.")


@dataclass(frozen=True)
class Words:
    replies: dict[str, list[str]]
    pieces: dict[str, list[str]]


def plain(text: str) -> str:
    """Lower case, without accents: what patterns are compared with."""
    letters = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def read_words(language: str) -> Words:
    data = read_file(language)
    parent = read_words(PARENT[language]) if language in PARENT else Words({}, {})
    return Words(parent.replies | data.get("replies", {}), parent.pieces | data.get("pieces", {}))


def read_file(language: str) -> dict[str, dict[str, list[str]]]:
    path = FOLDER / f"{language}.toml"
    return tomllib.loads((path if path.exists() else FOLDER / f"{DEFAULT_LANGUAGE}.toml").read_text("utf-8"))


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Of all languages together: a person knows a farewell in a foreign language too."""
    gathered: dict[str, list[str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for intent, found in tomllib.loads(path.read_text("utf-8")).get("understands", {}).items():
            gathered.setdefault(intent, []).extend(found)
    return {intent: re.compile("|".join(found)) for intent, found in gathered.items()}


def means(text: str, intent: str) -> bool:
    return bool(patterns()[intent].search(plain(text)))


def last_question(text: str) -> str:
    """The last sentence that asks something, or nothing."""
    sentences = re.findall(r"[^.!?…]+[.!?…]*", ABBREVIATED.sub(r"\1", text))
    asked = [sentence.strip() for sentence in sentences if "?" in sentence]
    return asked[-1].rpartition("¿")[2] if asked else ""

"""<Say>: which voices there are, how much they say at once, and what of its markup is heard.

https://www.twilio.com/docs/voice/twiml/say
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from simulator.handset.gather_settings import is_language

INVALID_VOICE, INVALID_LANGUAGE, INVALID_TEXT, TOO_LONG = 13511, 13512, 13520, 13521
BASIC_VOICE = re.compile(r"man|woman|alice|default")
POLLY_VOICE = re.compile(r"Polly\.[A-Z][a-z]+(-Neural|-Generative)?")
GOOGLE_VOICE = re.compile(r"Google\.[a-z]{2,3}-[A-Z]{2}-(Standard|Wavenet|Neural2|Studio|Chirp3-HD|Journey|News)-\w+")
LONGEST_BASIC, LONGEST_POLLY, LONGEST_GOOGLE = 4096, 3000, 5000
DEFAULT_VOICE, DEFAULT_LANGUAGE = "man", "en-US"
BREAKS = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.2}
LONGEST_BREAK = 10.0


@dataclass(frozen=True)
class Pause:
    seconds: float


Piece = str | Pause


def say_problems(verb: ElementTree.Element) -> Iterator[tuple[int, str]]:
    """Code and words; those of the text mean that nothing is said."""
    voice, language = verb.get("voice", DEFAULT_VOICE), verb.get("language", DEFAULT_LANGUAGE)
    if not any(known.fullmatch(voice) for known in (BASIC_VOICE, POLLY_VOICE, GOOGLE_VOICE)):
        yield INVALID_VOICE, f'Say voice="{voice}" is not known'
    if not is_language(language):
        yield INVALID_LANGUAGE, f'Say language="{language}" is not known'
    count, limit = length_of(verb, voice)
    if not spoken_text(verb):
        yield INVALID_TEXT, "Say has no text"
    if count > limit:
        yield TOO_LONG, f"Say has {count} characters, {limit} are allowed"


def length_of(verb: ElementTree.Element, voice: str) -> tuple[int, int]:
    """Google's voices count their markup, Polly's do not."""
    plain = len("".join(verb.itertext()).strip())
    if voice.startswith("Google."):
        inside = "".join(ElementTree.tostring(child, encoding="unicode") for child in verb)
        return len(((verb.text or "") + inside).strip()), LONGEST_GOOGLE
    return plain, LONGEST_POLLY if voice.startswith("Polly.") else LONGEST_BASIC


def spoken_text(verb: ElementTree.Element) -> str:
    return " ".join(piece for piece in spoken_pieces(verb) if isinstance(piece, str))


def spoken_pieces(verb: ElementTree.Element) -> list[Piece]:
    """Words between breaks; no tag is ever spoken."""
    pieces: list[Piece] = []
    words = ""
    for piece in walk(verb):
        if isinstance(piece, Pause):
            pieces += [words, piece]
            words = ""
        else:
            words += piece
    tidy = [" ".join(piece.split()) if isinstance(piece, str) else piece for piece in [*pieces, words]]
    return [piece for piece in tidy if piece != ""]


def walk(element: ElementTree.Element) -> Iterator[Piece]:
    if element.tag == "break":
        yield Pause(read_break(element))
    elif element.tag == "sub":
        yield element.get("alias", element.text or "")
    else:
        yield element.text or ""
        for child in element:
            yield from walk(child)
            yield child.tail or ""


def read_break(element: ElementTree.Element) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", element.get("time", ""))
    if match:
        return min(LONGEST_BREAK, float(match[1]) / (1000 if match[2] == "ms" else 1))
    return BREAKS.get(element.get("strength", "medium"), BREAKS["medium"])

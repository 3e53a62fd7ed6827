"""Making a model's text speakable: no markup, no addresses, whole sentences. Numbers stay as the model wrote them."""

import re

MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`#~|<>]+|^\s*[-•]\s+", re.MULTILINE)
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'»”)]*\s+(?=[^\s])")
ABBREVIATION = re.compile(r"\b(?:Sra?|Dra?|D|Dña|Mrs?|Ms|St|No|núm|tel|p\.ej|aprox|etc)\.$", re.IGNORECASE)
SHORTEST_SENTENCE = 20
"""Characters. Shorter ones join the next: a voice speaks single words badly, and each clip costs a request."""


def plain(text: str) -> str:
    """A piece of running text without markup; spaces at its ends are kept."""
    return MARKUP.sub(lambda match: match[1] or "", text).replace("\n", " ")


class SentenceSplitter:
    """Cuts running text into sentences as it comes."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str) -> list[str]:
        """The sentences that are complete by now."""
        self._rest += text
        sentences = []
        start = 0
        for match in SENTENCE_END.finditer(self._rest):
            sentence = self._rest[start : match.end()].strip()
            if len(sentence) >= SHORTEST_SENTENCE and not ABBREVIATION.search(sentence):
                sentences.append(sentence)
                start = match.end()
        self._rest = self._rest[start:]
        return sentences

    def rest(self) -> str:
        """What is left when the text has ended."""
        rest, self._rest = self._rest.strip(), ""
        return rest

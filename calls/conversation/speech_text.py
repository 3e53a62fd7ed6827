"""Making a model's text speakable: no markup, no addresses, whole sentences. Numbers stay as the model wrote them."""

import re

MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`#~|<>]+|^\s*[-•]\s+", re.MULTILINE)
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'»”)]*\s+(?=[^\s])")
ABBREVIATION = re.compile(r"\b(?:Sra?|Dra?|D|Dña|Mrs?|Ms|St|No|núm|tel|p\.ej|aprox|etc)\.$", re.IGNORECASE)
CLEAR_END = re.compile(r"(?:[!?…]|[a-záéíóúüñ]{3}\.)$", re.IGNORECASE)
"""The end of a sentence that needs no look at what follows: no decimal point and no short abbreviation."""
SHORTEST_SENTENCE = 20
"""Characters. Shorter ones join the next: a voice speaks single words badly, and each clip costs a request."""
SHORTEST_FIRST_SENTENCE = 7
"""The first one is waited for, so that it may be shorter."""


def plain(text: str) -> str:
    """A piece of running text without markup; spaces at its ends are kept."""
    return MARKUP.sub(lambda match: match[1] or "", text).replace("\n", " ")


class SentenceSplitter:
    """Cuts running text into sentences as it comes."""

    def __init__(self) -> None:
        self._rest = ""
        self._shortest = SHORTEST_FIRST_SENTENCE

    def feed(self, text: str) -> list[str]:
        """The sentences that are complete by now."""
        self._rest += text
        sentences = []
        start = 0
        ends = [match.end() for match in SENTENCE_END.finditer(self._rest)]
        if CLEAR_END.search(self._rest):
            ends.append(len(self._rest))
        for end in ends:
            sentence = self._rest[start:end].strip()
            if len(sentence) >= self._shortest and not ABBREVIATION.search(sentence):
                sentences.append(sentence)
                start, self._shortest = end, SHORTEST_SENTENCE
        self._rest = self._rest[start:]
        return sentences

    def rest(self) -> str:
        """What is left when the text has ended."""
        rest, self._rest = self._rest.strip(), ""
        return rest

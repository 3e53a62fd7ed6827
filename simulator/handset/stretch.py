"""Places in the assistant's words, told in characters: they do not depend on how busy the process is."""

from dataclasses import dataclass

from simulator.handset.tape import Sound

CHARACTERS_PER_SECOND = 15.0
SHORTEST_SPEECH_SECONDS = 0.35


def speech_seconds(text: str) -> float:
    return SHORTEST_SPEECH_SECONDS + len(text) / CHARACTERS_PER_SECOND


def characters_in(seconds: float) -> int:
    """How much of a text has been spoken after so long."""
    return max(1, round((seconds - SHORTEST_SPEECH_SECONDS) * CHARACTERS_PER_SECOND))


def first_words(text: str, characters: int) -> str:
    """Whole words only: a word cut in half was not heard."""
    if characters >= len(text):
        return text
    kept = text[: max(0, characters)]
    return kept.rstrip() if text[characters : characters + 1].isspace() else kept.rpartition(" ")[0]


def heard_part(text: str, share: float) -> str:
    return first_words(text, int(len(text) * share))


@dataclass
class Playing:
    """A sound of the assistant under way.

    begins_at: characters since the person last reacted, spoken before it; negative when the reaction fell into it.
    stopped_at: the character of this sound that the person last waited for.
    is_answered: the person has reacted to what was heard of it until then.
    is_cut_in: the person has begun to speak there; whatever stops the sound now stops it at that place.
    """

    sound: Sound
    begins_at: int
    stopped_at: int = 0
    is_cut_in: bool = False
    is_answered: bool = False

    @property
    def length(self) -> int:
        """Foreign audio counts as if it were speech; the blank after a sentence is part of it."""
        return (
            len(self.sound.text) + 1 if self.sound.text else max(1, round(self.sound.seconds * CHARACTERS_PER_SECOND))
        )

    def contains(self, character: int) -> bool:
        return self.begins_at + self.stopped_at <= character < self.begins_at + self.length

    def seconds_at(self, character: int) -> float:
        return self.sound.seconds * (character - self.begins_at) / self.length

    def character_now(self, now: float) -> int:
        if self.is_cut_in:
            return self.stopped_at
        passed = (now - self.sound.starts_at) / self.sound.seconds if self.sound.seconds else 1.0
        return int(self.length * min(1.0, max(0.0, passed)))

    def words(self, now: float) -> str:
        return first_words(self.sound.text, self.character_now(now))

    def share(self, now: float) -> float:
        return self.character_now(now) / self.length

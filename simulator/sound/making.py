"""Speech from text in one of ElevenLabs' formats: work for a process of its own where it is much."""

from dataclasses import dataclass

from simulator.sound.audio import seconds_of
from simulator.sound.formats import OutputFormat, encode
from simulator.sound.speech import Synthesizer, Voice

LIGHT_CODINGS = ("pcm", "ulaw", "alaw")
LONGEST_LIGHT_TEXT = 500


@dataclass(frozen=True)
class SpeechOrder:
    text: str
    voice: Voice
    format: OutputFormat

    @property
    def is_light(self) -> bool:
        """A sentence for the telephone is made in less time than it takes to ask another process."""
        return self.format.coding in LIGHT_CODINGS and len(self.text) <= LONGEST_LIGHT_TEXT


@dataclass(frozen=True)
class MadeSpeech:
    sound: bytes
    seconds: float


def make_speech(order: SpeechOrder, synthesizer: Synthesizer) -> MadeSpeech:
    pcm = synthesizer.speak_now(order.text, order.voice, order.format.rate)
    return MadeSpeech(encode(pcm, order.format, order.text), seconds_of(pcm, order.format.rate))

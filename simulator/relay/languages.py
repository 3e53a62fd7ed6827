"""The languages that a session may speak and hear, each with its voice."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from simulator.relay.attributes import LANGUAGE_CHECKS, wrong_values
from simulator.relay.failure import RelayFailed
from simulator.relay.voices import check_model, check_voice, identity_of
from simulator.sound.speech import Voice, choose_voice

DEFAULT_LANGUAGE = "en-US"
MULTI = "multi"


@dataclass(frozen=True)
class Providers:
    """Without a voice or a model, the provider's own for the language."""

    tts: str = "ElevenLabs"
    voice: str = ""
    transcription: str = "Deepgram"
    model: str = ""

    def overridden_by(self, attributes: Mapping[str, str]) -> "Providers":
        """Another provider brings its own voice and model; only ElevenLabs voices speak every language."""
        tts = attributes.get("ttsProvider", self.tts)
        transcription = attributes.get("transcriptionProvider", self.transcription)
        keeps_voice = tts.lower() == self.tts.lower() == "elevenlabs"
        keeps_model = transcription == self.transcription
        return Providers(
            tts,
            attributes.get("voice", self.voice if keeps_voice else ""),
            transcription,
            attributes.get("speechModel", self.model if keeps_model else ""),
        )

    def check(self, language: str) -> None:
        """Raises RelayFailed."""
        if self.voice:
            check_voice(self.tts, self.voice, language)
        if self.model:
            check_model(self.transcription, self.model)
        if language == MULTI and (self.tts.lower(), self.transcription.lower()) != ("elevenlabs", "deepgram"):
            raise RelayFailed(64101, "language multi needs Deepgram and ElevenLabs")


@dataclass(frozen=True)
class Languages:
    spoken: str
    heard: str
    declared: Mapping[str, Providers]

    def voice(self, language: str) -> Voice:
        providers = self.declared.get(language) or self.declared[self.spoken]
        tongue = DEFAULT_LANGUAGE if language == MULTI else language
        return choose_voice(identity_of(providers.voice) or "default", tongue)

    def has(self, language: str) -> bool:
        return language in self.declared or MULTI in self.declared


def read_languages(attributes: Mapping[str, str], nouns: list[ElementTree.Element]) -> Languages:
    """Raises RelayFailed."""
    general = attributes.get("language", DEFAULT_LANGUAGE)
    spoken, heard = attributes.get("ttsLanguage", general), attributes.get("transcriptionLanguage", general)
    providers = Providers().overridden_by(attributes)
    declared = {noun.get("code", ""): read_language(noun, providers) for noun in nouns}
    for code in (heard, spoken):
        declared.setdefault(code, providers)
    declared[spoken].check(spoken)
    return Languages(spoken, heard, declared)


def read_language(noun: ElementTree.Element, general: Providers) -> Providers:
    wrong = wrong_values(noun.attrib, LANGUAGE_CHECKS)
    if wrong or not noun.get("code"):
        raise RelayFailed(64101, ", ".join(["Language"] + (wrong or ["without a code"])))
    providers = general.overridden_by(noun.attrib)
    providers.check(noun.get("code", ""))
    return providers

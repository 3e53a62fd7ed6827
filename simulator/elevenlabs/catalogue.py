"""The voices and models that the practice network has on offer."""

from dataclasses import dataclass
from typing import Any

NAMES = {
    "en": "English", "ja": "Japanese", "zh": "Chinese", "de": "German", "hi": "Hindi", "fr": "French",
    "ko": "Korean", "pt": "Portuguese", "it": "Italian", "es": "Spanish", "id": "Indonesian", "nl": "Dutch",
    "tr": "Turkish", "fil": "Filipino", "pl": "Polish", "sv": "Swedish", "bg": "Bulgarian", "ro": "Romanian",
    "ar": "Arabic", "cs": "Czech", "el": "Greek", "fi": "Finnish", "hr": "Croatian", "ms": "Malay",
    "sk": "Slovak", "da": "Danish", "ta": "Tamil", "uk": "Ukrainian", "ru": "Russian", "hu": "Hungarian",
    "no": "Norwegian", "vi": "Vietnamese",
}  # fmt: skip
ALL = tuple(NAMES)
OLDER = ALL[:29]
ENGLISH = ("en",)
NORMAL_SETTINGS = {
    "stability": 0.5,
    "similarity_boost": 0.75,
    "style": 0.0,
    "use_speaker_boost": True,
    "speed": 1.0,
}


@dataclass(frozen=True)
class SpeechModel:
    """`first_byte_seconds` and `pace` (times as fast as it is spoken): its own time, without the network.

    `refuses_languages`: others ignore a language that they do not have.
    """

    model_id: str
    name: str
    credits_per_character: float
    longest_text: int
    first_byte_seconds: float
    pace: float
    languages: tuple[str, ...] = ALL
    refuses_languages: bool = True

    @property
    def group(self) -> str:
        return "turbo" if self.credits_per_character < 1 else "standard"

    def body(self) -> dict[str, Any]:
        return {
            "model_id": self.model_id,
            "name": self.name,
            "can_be_finetuned": False,
            "can_do_text_to_speech": True,
            "can_do_voice_conversion": False,
            "can_use_style": self.group == "standard",
            "can_use_speaker_boost": self.group == "standard",
            "serves_pro_voices": False,
            "token_cost_factor": self.credits_per_character,
            "description": f"{self.name}, as the practice network speaks it",
            "requires_alpha_access": False,
            "max_characters_request_free_user": 2_500,
            "max_characters_request_subscribed_user": self.longest_text,
            "maximum_text_length_per_request": self.longest_text,
            "languages": [{"language_id": code, "name": NAMES[code]} for code in self.languages],
            "model_rates": {"character_cost_multiplier": self.credits_per_character},
            "concurrency_group": self.group,
        }


@dataclass(frozen=True)
class CatalogueVoice:
    voice_id: str
    name: str
    language: str
    accent: str
    gender: str
    category: str = "premade"

    def body(self) -> dict[str, Any]:
        return {
            "voice_id": self.voice_id,
            "name": self.name,
            "samples": None,
            "category": self.category,
            "description": f"{self.name}, {self.accent}",
            "labels": {"language": self.language[:2], "accent": self.accent, "gender": self.gender},
            "preview_url": None,
            "available_for_tiers": [],
            "settings": NORMAL_SETTINGS,
            "high_quality_base_model_ids": ["eleven_flash_v2_5", "eleven_multilingual_v2"],
            "is_owner": False,
        }


MODELS = (
    SpeechModel("eleven_flash_v2_5", "Eleven Flash v2.5", 0.5, 40_000, 0.075, 25),
    SpeechModel("eleven_flash_v2", "Eleven Flash v2", 0.5, 30_000, 0.075, 25, ENGLISH),
    SpeechModel("eleven_turbo_v2_5", "Eleven Turbo v2.5", 0.5, 40_000, 0.275, 15),
    SpeechModel("eleven_turbo_v2", "Eleven Turbo v2", 0.5, 30_000, 0.275, 15, ENGLISH),
    SpeechModel(
        "eleven_multilingual_v2", "Eleven Multilingual v2", 1.0, 10_000, 0.4, 8, OLDER, refuses_languages=False
    ),
    SpeechModel("eleven_v4_turbo", "Eleven v4 Turbo", 1.0, 10_000, 0.1, 20),
    SpeechModel("eleven_v4", "Eleven v4", 1.0, 10_000, 0.6, 5),
    SpeechModel("eleven_v3", "Eleven v3", 1.0, 5_000, 1.2, 2),
)
DEFAULT_MODEL = "eleven_multilingual_v2"
VOICES = (
    CatalogueVoice("practiceLucia0000001", "Lucía", "es-ES", "peninsular", "female"),
    CatalogueVoice("practiceSergio000002", "Sergio", "es-ES", "peninsular", "male"),
    CatalogueVoice("practiceValeria00003", "Valeria", "es-MX", "mexican", "female"),
    CatalogueVoice("practiceAndres000004", "Andrés", "es-MX", "mexican", "male"),
    CatalogueVoice("practiceAlice0000005", "Alice", "en-US", "american", "female"),
    CatalogueVoice("practiceBrian0000006", "Brian", "en-US", "american", "male"),
    CatalogueVoice("practiceCarmen000007", "Carmen", "es-ES", "peninsular", "female", category="professional"),
    CatalogueVoice("21m00Tcm4TlvDq8ikWAM", "Rachel", "en-US", "american", "female"),
)


def model_named(model_id: str) -> SpeechModel | None:
    return next((model for model in MODELS if model.model_id == model_id), None)


def voice_named(voice_id: str) -> CatalogueVoice | None:
    return next((voice for voice in VOICES if voice.voice_id == voice_id), None)

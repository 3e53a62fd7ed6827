"""The voices, models and plan that the practice network has on offer."""

from dataclasses import dataclass
from typing import Any

LANGUAGES = (("es", "Spanish"), ("en", "English"))
CREDITS_A_MONTH = 600_000
SUBSCRIPTION: dict[str, Any] = {
    "tier": "pro",
    "status": "active",
    "character_count": 0,
    "character_limit": CREDITS_A_MONTH,
    "max_credit_limit_extension": 0,
    "can_extend_character_limit": False,
    "allowed_to_extend_character_limit": False,
    "next_character_count_reset_unix": 1_798_761_600,
    "voice_slots_used": 0,
    "professional_voice_slots_used": 0,
    "voice_limit": 160,
    "voice_add_edit_counter": 0,
    "professional_voice_limit": 1,
    "can_extend_voice_limit": False,
    "can_use_instant_voice_cloning": True,
    "can_use_professional_voice_cloning": True,
    "current_overage": None,
    "currency": "usd",
    "billing_period": "monthly_period",
    "character_refresh_period": "monthly_period",
}


@dataclass(frozen=True)
class SpeechModel:
    model_id: str
    name: str
    credits_per_character: float
    longest_text: int

    def body(self) -> dict[str, Any]:
        return {
            "model_id": self.model_id,
            "name": self.name,
            "description": self.name,
            "can_be_finetuned": False,
            "can_do_text_to_speech": True,
            "can_do_voice_conversion": False,
            "can_use_style": True,
            "can_use_speaker_boost": True,
            "serves_pro_voices": False,
            "token_cost_factor": self.credits_per_character,
            "requires_alpha_access": False,
            "max_characters_request_free_user": self.longest_text,
            "max_characters_request_subscribed_user": self.longest_text,
            "maximum_text_length_per_request": self.longest_text,
            "languages": [{"language_id": code, "name": name} for code, name in LANGUAGES],
            "model_rates": {"character_cost_multiplier": self.credits_per_character},
            "concurrency_group": "turbo" if self.credits_per_character < 1 else "standard",
        }


@dataclass(frozen=True)
class CatalogueVoice:
    voice_id: str
    name: str
    language: str
    accent: str
    gender: str


MODELS = (
    SpeechModel("eleven_flash_v2_5", "Eleven Flash v2.5", 0.5, 40_000),
    SpeechModel("eleven_flash_v2", "Eleven Flash v2", 0.5, 30_000),
    SpeechModel("eleven_turbo_v2_5", "Eleven Turbo v2.5", 0.5, 40_000),
    SpeechModel("eleven_turbo_v2", "Eleven Turbo v2", 0.5, 30_000),
    SpeechModel("eleven_multilingual_v2", "Eleven Multilingual v2", 1.0, 10_000),
    SpeechModel("eleven_v4_turbo", "Eleven v4 Turbo", 1.0, 10_000),
    SpeechModel("eleven_v3", "Eleven v3", 1.0, 5_000),
)
VOICES = (
    CatalogueVoice("practiceLucia0000001", "Lucía", "es-ES", "peninsular", "female"),
    CatalogueVoice("practiceSergio000002", "Sergio", "es-ES", "peninsular", "male"),
    CatalogueVoice("practiceValeria00003", "Valeria", "es-MX", "mexican", "female"),
    CatalogueVoice("practiceAndres000004", "Andrés", "es-MX", "mexican", "male"),
    CatalogueVoice("practiceAlice0000005", "Alice", "en-US", "american", "female"),
    CatalogueVoice("practiceBrian0000006", "Brian", "en-US", "american", "male"),
)


def model_named(model_id: str) -> SpeechModel | None:
    return next((model for model in MODELS if model.model_id == model_id), None)


def voice_body(voice: CatalogueVoice) -> dict[str, Any]:
    return {
        "voice_id": voice.voice_id,
        "name": voice.name,
        "category": "premade",
        "description": f"{voice.name}, {voice.accent}",
        "labels": {"language": voice.language[:2], "accent": voice.accent, "gender": voice.gender},
        "preview_url": None,
        "available_for_tiers": [],
        "settings": {
            "stability": 0.5,
            "similarity_boost": 0.75,
            "style": 0.0,
            "use_speaker_boost": True,
            "speed": 1.0,
        },
    }

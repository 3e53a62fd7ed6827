"""Models, voices, the user and the history, with the official SDK and field by field."""

from typing import Any

import pytest
import requests
from elevenlabs import ElevenLabs
from elevenlabs.core.api_error import ApiError

from tests.simulator.server import SimulatorHandle

WORDS = "Buenas, le llamo para confirmar su cita del martes."
LUCIA = "practiceLucia0000001"


@pytest.fixture
def elevenlabs(simulator: SimulatorHandle) -> ElevenLabs:
    return ElevenLabs(api_key="sk_practice", base_url=simulator.elevenlabs_url, timeout=60)


def get(simulator: SimulatorHandle, path: str) -> Any:
    url = f"{simulator.elevenlabs_url}{path}"
    return requests.get(url, headers={"xi-api-key": "sk_practice"}, timeout=60).json()


def test_models_tell_their_languages_limits_and_rates(elevenlabs: ElevenLabs, simulator: SimulatorHandle):
    models = {model.model_id: model for model in elevenlabs.models.list()}
    flash, multilingual = models["eleven_flash_v2_5"], models["eleven_multilingual_v2"]
    assert (flash.maximum_text_length_per_request, multilingual.maximum_text_length_per_request) == (40_000, 10_000)
    assert (flash.model_rates.character_cost_multiplier, multilingual.model_rates.character_cost_multiplier) == (0.5, 1)
    assert len(flash.languages) == 32
    assert flash.can_do_text_to_speech
    assert {
        "model_id", "name", "can_do_text_to_speech", "can_do_voice_conversion", "languages",
        "maximum_text_length_per_request", "model_rates", "concurrency_group",
    } <= set(get(simulator, "/v1/models")[0])  # fmt: skip
    assert set(get(simulator, "/v1/models")[0]["languages"][0]) == {"language_id", "name"}


def test_voices_are_searched_filtered_and_paged(elevenlabs: ElevenLabs, simulator: SimulatorHandle):
    assert [voice.name for voice in elevenlabs.voices.search(search="lucía").voices] == ["Lucía"]
    assert [voice.name for voice in elevenlabs.voices.search(category="professional").voices] == ["Carmen"]
    spanish = elevenlabs.voices.search(language="es").voices
    assert {voice.labels["language"] for voice in spanish} == {"es"}
    names, token, total = [], None, 0
    while True:
        page = elevenlabs.voices.search(page_size=3, next_page_token=token)
        names += [voice.name for voice in page.voices]
        token, total = page.next_page_token, page.total_count
        if not page.has_more:
            break
    assert len(names) == len(set(names)) == total > 3
    assert set(get(simulator, "/v2/voices")) == {"voices", "has_more", "total_count", "next_page_token"}
    assert requests.get(
        f"{simulator.elevenlabs_url}/v2/voices?page_size=101", headers={"xi-api-key": "sk"}, timeout=60
    ).status_code == 422  # fmt: skip


def test_one_voice_is_shown_with_its_settings(elevenlabs: ElevenLabs, simulator: SimulatorHandle):
    voice = elevenlabs.voices.get(LUCIA)
    assert (voice.name, voice.category, voice.labels["accent"]) == ("Lucía", "premade", "peninsular")
    assert elevenlabs.voices.settings.get(LUCIA).stability == 0.5
    assert set(get(simulator, "/v1/voices")) == {"voices"}
    with pytest.raises(ApiError) as refused:
        elevenlabs.voices.get("nobody")
    assert refused.value.status_code == 404


def test_the_subscription_counts_what_was_spoken(elevenlabs: ElevenLabs, simulator: SimulatorHandle):
    before = elevenlabs.user.subscription.get()
    b"".join(elevenlabs.text_to_speech.convert(LUCIA, text=WORDS, output_format="pcm_8000"))
    after = elevenlabs.user.subscription.get()
    assert after.character_count == before.character_count + len(WORDS)
    assert (after.tier, after.status, after.character_limit) == ("business", "active", 6_000_000)
    assert elevenlabs.user.get().subscription.character_count == after.character_count
    assert {
        "tier", "status", "character_count", "character_limit", "next_character_count_reset_unix",
        "max_credit_limit_extension", "current_overage", "can_extend_character_limit",
    } <= set(get(simulator, "/v1/user/subscription"))  # fmt: skip


def test_what_was_spoken_is_in_the_history_and_can_be_had_again(elevenlabs: ElevenLabs):
    with elevenlabs.text_to_speech.with_raw_response.convert(LUCIA, text=WORDS, output_format="ulaw_8000") as response:
        sound, headers = b"".join(response.data), response.headers
    item = elevenlabs.history.list(page_size=1).history[0]
    assert (item.history_item_id, item.request_id) == (headers["history-item-id"], headers["request-id"])
    assert (item.text, item.voice_name, item.model_id) == (WORDS, "Lucía", "eleven_multilingual_v2")
    assert item.character_count_change_to - item.character_count_change_from == len(WORDS)
    assert b"".join(elevenlabs.history.get_audio(item.history_item_id)) == sound
    elevenlabs.history.delete(item.history_item_id)
    with pytest.raises(ApiError):
        elevenlabs.history.get(item.history_item_id)


def test_lists_fail_when_told_to_and_the_sdk_asks_again(elevenlabs: ElevenLabs, simulator: SimulatorHandle):
    simulator.set_faults(speech_lists_status={"value": 503, "times": 1})
    assert elevenlabs.models.list()
    simulator.set_faults(speech_lists_status=403, speech_error_code="missing_permissions")
    with pytest.raises(ApiError) as refused:
        elevenlabs.models.list()
    assert (refused.value.status_code, refused.value.body["detail"]["code"]) == (403, "missing_permissions")


def test_history_is_paged_and_unlogged_requests_stay_out(elevenlabs: ElevenLabs):
    for text in ("Uno.", "Dos.", "Tres."):
        b"".join(elevenlabs.text_to_speech.convert(LUCIA, text=text, output_format="ulaw_8000"))
    b"".join(elevenlabs.text_to_speech.convert(LUCIA, text="Nadie.", output_format="ulaw_8000", enable_logging=False))
    first = elevenlabs.history.list(page_size=2)
    rest = elevenlabs.history.list(page_size=2, start_after_history_item_id=first.last_history_item_id)
    assert [item.text for item in [*first.history, *rest.history]][:3] == ["Tres.", "Dos.", "Uno."]
    assert first.has_more

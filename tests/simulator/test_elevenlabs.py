import pytest
import requests
from elevenlabs import ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.errors import UnprocessableEntityError

from simulator.sound.audio import audioop
from tests.simulator.server import SimulatorHandle

WORDS = "Buenas, le llamo para confirmar su cita del martes."


@pytest.fixture
def elevenlabs(simulator: SimulatorHandle) -> ElevenLabs:
    return ElevenLabs(api_key="sk_practice", base_url=simulator.elevenlabs_url, timeout=60)


def test_mu_law_speech_is_audible_and_of_plausible_length(elevenlabs: ElevenLabs):
    audio = b"".join(elevenlabs.text_to_speech.stream("lucia", text=WORDS, output_format="ulaw_8000"))
    assert 2 < len(audio) / 8000 < 6
    assert audioop.max(audioop.ulaw2lin(audio, 2), 2) > 5000


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 44100])
def test_pcm_comes_at_the_asked_rate(elevenlabs: ElevenLabs, rate: int):
    audio = b"".join(elevenlabs.text_to_speech.convert("lucia", text=WORDS, output_format=f"pcm_{rate}"))
    assert 2 < len(audio) / 2 / rate < 6


def test_the_answer_tells_its_request_and_cost(elevenlabs: ElevenLabs):
    with elevenlabs.text_to_speech.with_raw_response.stream(
        "lucia", text=WORDS, model_id="eleven_flash_v2_5", output_format="ulaw_8000"
    ) as response:
        headers = response.headers
        assert b"".join(response.data)
    assert headers["request-id"]
    assert int(headers["character-cost"]) == -(-len(WORDS) // 2)


def test_credit_falls_with_use(elevenlabs: ElevenLabs):
    before = elevenlabs.user.subscription.get().character_count
    b"".join(elevenlabs.text_to_speech.convert("lucia", text=WORDS, output_format="pcm_8000"))
    assert elevenlabs.user.subscription.get().character_count == before + len(WORDS)


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"voice_id": "missing-voice"}, 404, "voice_not_found"),
        ({"model_id": "eleven_nothing"}, 400, "model_not_found"),
        ({"output_format": "mp3_44100_128"}, 400, "unsupported_output_format"),
        ({"text": "a" * 10_001}, 400, "max_character_limit_exceeded"),
    ],
)
def test_orders_that_cannot_be_met_are_refused(elevenlabs: ElevenLabs, order: dict, status: int, code: str):
    wanted = {"voice_id": "lucia", "text": WORDS, "output_format": "ulaw_8000"} | order
    with pytest.raises(ApiError) as refused:
        b"".join(elevenlabs.text_to_speech.convert(**wanted))
    assert refused.value.status_code == status
    assert refused.value.body["detail"]["code"] == code


def test_a_body_without_text_is_422_in_the_list_shape(elevenlabs: ElevenLabs):
    with pytest.raises(UnprocessableEntityError) as refused:
        b"".join(elevenlabs.text_to_speech.convert("lucia", text=None, output_format="ulaw_8000"))
    assert refused.value.body["detail"][0]["loc"] == ["body", "text"]


def test_without_a_key_nothing_is_spoken(simulator: SimulatorHandle):
    url = f"{simulator.elevenlabs_url}/v1/text-to-speech/lucia"
    answer = requests.post(url, json={"text": WORDS}, timeout=60)
    assert answer.status_code == 401
    assert answer.json()["detail"]["code"] == "invalid_api_key"


@pytest.mark.parametrize("status", [401, 429, 500])
def test_speech_fails_when_told_to(simulator: SimulatorHandle, elevenlabs: ElevenLabs, status: int):
    simulator.set_faults(speech_status=status)
    with pytest.raises(ApiError) as refused:
        b"".join(elevenlabs.text_to_speech.convert("lucia", text=WORDS, output_format="ulaw_8000"))
    assert refused.value.status_code == status


def test_models_and_voices_are_listed(elevenlabs: ElevenLabs):
    assert "eleven_flash_v2_5" in [model.model_id for model in elevenlabs.models.list()]
    found = elevenlabs.voices.search(search="lucía").voices
    assert [voice.name for voice in found] == ["Lucía"]


def test_requests_are_timed(simulator: SimulatorHandle, elevenlabs: ElevenLabs):
    b"".join(elevenlabs.text_to_speech.stream("lucia", text=WORDS, output_format="ulaw_8000"))
    reading = simulator.timings()["speech_requests"][0]
    assert reading["characters"] == len(WORDS)
    assert reading["received_at"] < reading["first_byte_at"] <= reading["finished_at"]

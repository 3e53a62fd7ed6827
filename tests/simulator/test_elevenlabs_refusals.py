"""What ElevenLabs refuses, and in which words."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import requests
from elevenlabs import ElevenLabs, VoiceSettings
from elevenlabs.core.api_error import ApiError
from elevenlabs.errors import UnprocessableEntityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.elevenlabs.fields import FIELDS, SETTINGS
from tests.simulator.server import SimulatorHandle, running_simulator

WORDS = "Buenas, le llamo para confirmar su cita del martes."
LUCIA, CARMEN = "practiceLucia0000001", "practiceCarmen000007"
KEY = "sk_the_right_one"


@pytest.fixture
def elevenlabs(simulator: SimulatorHandle) -> ElevenLabs:
    return ElevenLabs(api_key="sk_practice", base_url=simulator.elevenlabs_url, timeout=60)


@pytest.fixture(scope="module")
def poor_simulator() -> Iterator[SimulatorHandle]:
    """A free plan behind one key, with the older shape of refusals."""
    options = {"key": KEY, "tier": "free", "credits": 1000, "errors": "old", "voices": "listed"}
    with running_simulator(**{f"elevenlabs_{name}": value for name, value in options.items()}) as handle:
        yield handle


@pytest.fixture
def poor(poor_simulator: SimulatorHandle) -> ElevenLabs:
    poor_simulator.set_faults()
    return ElevenLabs(api_key=KEY, base_url=poor_simulator.elevenlabs_url, timeout=60)


def speak(client: ElevenLabs, **order: Any) -> bytes:
    wanted = {"voice_id": LUCIA, "text": WORDS, "output_format": "ulaw_8000"} | order
    return b"".join(client.text_to_speech.convert(**wanted))


def refusal(client: ElevenLabs, **order: Any) -> ApiError:
    with pytest.raises(ApiError) as refused:
        speak(client, **order)
    return refused.value


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"voice_id": "missing-voice"}, 404, "voice_not_found"),
        ({"model_id": "eleven_nothing"}, 400, "model_not_found"),
        ({"text": "  "}, 400, "input_text_empty"),
        ({"text": "a" * 10_001}, 400, "max_character_limit_exceeded"),
        ({"text": "a" * 30_001, "model_id": "eleven_flash_v2"}, 400, "max_character_limit_exceeded"),
        ({"model_id": "eleven_flash_v2", "language_code": "es"}, 400, "unsupported_language"),
        ({"model_id": "eleven_flash_v2_5", "language_code": "fa"}, 400, "unsupported_language"),
    ],
)
def test_orders_that_cannot_be_met_are_refused(elevenlabs: ElevenLabs, order: dict, status: int, code: str):
    refused = refusal(elevenlabs, **order)
    assert (refused.status_code, refused.body["detail"]["code"]) == (status, code)
    assert set(refused.body["detail"]) == {"type", "code", "message", "request_id"}


def test_multilingual_ignores_a_language_code(elevenlabs: ElevenLabs):
    assert speak(elevenlabs, model_id="eleven_multilingual_v2", language_code="fa")


@pytest.mark.parametrize(
    ("order", "place", "kind"),
    [
        ({"text": None}, ["body", "text"], "string_type"),
        ({"text": 7}, ["body", "text"], "string_type"),
        ({"seed": -1}, ["body", "seed"], "greater_than_equal"),
        ({"seed": 4_294_967_296}, ["body", "seed"], "less_than_equal"),
        ({"seed": "one"}, ["body", "seed"], "int_type"),
        ({"previous_request_ids": ["a", "b", "c", "d"]}, ["body", "previous_request_ids"], "too_long"),
        ({"next_request_ids": ["a", "b", "c", "d"]}, ["body", "next_request_ids"], "too_long"),
        ({"voice_settings": VoiceSettings(speed=1.3)}, ["body", "voice_settings", "speed"], "less_than_equal"),
        ({"voice_settings": VoiceSettings(speed=0.6)}, ["body", "voice_settings", "speed"], "greater_than_equal"),
        ({"voice_settings": VoiceSettings(stability=1.1)}, ["body", "voice_settings", "stability"], "less_than_equal"),
        ({"apply_text_normalization": "maybe"}, ["body", "apply_text_normalization"], "enum"),
        ({"output_format": "wav_8000"}, ["query", "output_format"], "enum"),
        ({"optimize_streaming_latency": 5}, ["query", "optimize_streaming_latency"], "enum"),
    ],
)
def test_what_is_no_order_is_422_with_its_place(elevenlabs: ElevenLabs, order: dict, place: list[str], kind: str):
    with pytest.raises(UnprocessableEntityError) as refused:
        speak(elevenlabs, **order)
    (problem,) = refused.value.body["detail"]
    assert set(problem) == {"loc", "msg", "type"}
    assert (problem["loc"], problem["type"]) == (place, kind)


def post(simulator: SimulatorHandle, **options: Any) -> requests.Response:
    url = f"{simulator.elevenlabs_url}/v1/text-to-speech/{LUCIA}"
    return requests.post(url, timeout=60, **({"headers": {"xi-api-key": "sk_practice"}} | options))


def test_a_body_without_text_or_without_sense_is_422(simulator: SimulatorHandle):
    missing, broken = post(simulator, json={}), post(simulator, data="{")
    assert missing.json() == {"detail": [{"loc": ["body", "text"], "msg": "Field required", "type": "missing"}]}
    assert (broken.status_code, broken.json()["detail"][0]["type"]) == (422, "json_invalid")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5_000_000_000) | st.floats(-2, 2) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(sorted(SETTINGS)), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(sorted(FIELDS)), JSON))
def test_whatever_is_ordered_is_spoken_or_refused(simulator: SimulatorHandle, body: dict[str, Any]):
    answer = post(simulator, json=body, params={"output_format": "ulaw_8000"})
    assert answer.status_code in (200, 400, 422)
    assert answer.status_code != 200 or len(answer.content) > 0


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_each_field_has_a_type(simulator: SimulatorHandle, field: str):
    (problem,) = post(simulator, json={"text": WORDS, field: {"a": 1} if field != "voice_settings" else 1}).json()[
        "detail"
    ]
    assert problem["loc"] == ["body", field]


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("PUT", "/v1/models", 405)])
def test_what_is_not_there_is_refused_in_the_words_of_the_framework(
    simulator: SimulatorHandle, method: str, path: str, status: int
):
    headers = {"xi-api-key": "sk_practice"}
    answer = requests.request(method, f"{simulator.elevenlabs_url}{path}", headers=headers, timeout=60)
    assert answer.status_code == status
    assert answer.json() == {"detail": {404: "Not Found", 405: "Method Not Allowed"}[status]}


def test_without_a_key_nothing_is_spoken(simulator: SimulatorHandle):
    answer = post(simulator, json={"text": WORDS}, headers={})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (401, "needs_authorization")


def test_a_wrong_key_is_refused_everywhere_in_the_older_shape(poor_simulator: SimulatorHandle):
    stranger = ElevenLabs(api_key="sk_wrong", base_url=poor_simulator.elevenlabs_url, timeout=60)
    with pytest.raises(ApiError) as refused:
        stranger.models.list()
    assert (refused.value.status_code, refused.value.body) == (
        401,
        {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}},
    )


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        ({"output_format": "pcm_44100"}, 403, "output_format_not_allowed"),
        ({"output_format": "mp3_44100_192"}, 403, "output_format_not_allowed"),
        ({"voice_id": CARMEN}, 401, "only_for_creator+"),
        ({"voice_id": "of-somebody-else"}, 404, "voice_not_found"),
    ],
)
def test_a_plan_allows_what_it_allows(poor: ElevenLabs, order: dict, status: int, code: str):
    refused = refusal(poor, **order)
    assert (refused.status_code, refused.body["detail"]["status"]) == (status, code)


def test_credit_falls_by_the_rate_of_the_model_until_none_is_left(poor: ElevenLabs):
    def spent() -> int:
        return int(poor.user.subscription.get().character_count)

    before = spent()
    speak(poor, model_id="eleven_flash_v2_5")
    speak(poor, model_id="eleven_multilingual_v2")
    assert spent() == before + -(-len(WORDS) // 2) + len(WORDS)
    refused = refusal(poor, text="a" * (1000 - spent() + 1), model_id="eleven_multilingual_v2")
    assert (refused.status_code, refused.body["detail"]["status"]) == (401, "quota_exceeded")
    assert f"You have {1000 - spent()} credits remaining" in refused.body["detail"]["message"]


def test_more_requests_at_once_than_the_plan_has_are_refused(poor_simulator: SimulatorHandle, poor: ElevenLabs):
    poor_simulator.set_faults(speech_first_byte_ms=800)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: attempt(poor), range(4)))
    assert answers.count(200) == 2
    assert answers.count((429, "too_many_concurrent_requests")) == 2


def attempt(client: ElevenLabs) -> Any:
    try:
        with client.text_to_speech.with_raw_response.convert(LUCIA, text="Vale", output_format="ulaw_8000") as response:
            b"".join(response.data)
            assert response.headers["maximum-concurrent-requests"] == "2"
            assert response.headers["current-concurrent-requests"] in ("1", "2")
            return 200
    except ApiError as error:
        return error.status_code, error.body["detail"]["status"]


def test_a_request_that_finds_a_place_in_time_waits_for_it(poor_simulator: SimulatorHandle, poor: ElevenLabs):
    poor_simulator.set_faults(speech_first_byte_ms=20, speech_pace=1000)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: attempt(poor), range(3)))
    assert answers == [200, 200, 200]


@pytest.mark.parametrize(
    ("status", "code"), [(401, "quota_exceeded"), (429, "system_busy"), (500, "internal_server_error")]
)
def test_speech_fails_when_told_to(simulator: SimulatorHandle, elevenlabs: ElevenLabs, status: int, code: str):
    simulator.set_faults(speech_status=status)
    refused = refusal(elevenlabs)
    assert (refused.status_code, refused.body["detail"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("shape", "detail"),
    [
        ("old", {"status": "concurrent_limit_exceeded", "message": "Something went wrong."}),
        ("text", "Something went wrong."),
    ],
)
def test_a_refusal_has_the_name_and_shape_that_it_is_told(
    simulator: SimulatorHandle, elevenlabs: ElevenLabs, shape: str, detail: object
):
    simulator.set_faults(speech_status=400, speech_error_code="concurrent_limit_exceeded", speech_error_shape=shape)
    assert refusal(elevenlabs).body == {"detail": detail}


def test_a_stream_is_cut_in_the_middle(simulator: SimulatorHandle, elevenlabs: ElevenLabs):
    simulator.set_faults(speech_cut_after_bytes=8000)
    parts = elevenlabs.text_to_speech.stream(
        LUCIA, text=WORDS, output_format="ulaw_8000", request_options={"chunk_size": 100}
    )
    heard = []
    with pytest.raises(httpx.TransportError):
        heard.extend(parts)
    assert 0 < sum(map(len, heard)) <= 8000


def test_a_stream_stands_still_in_the_middle(simulator: SimulatorHandle):
    simulator.set_faults(speech_stall_after_bytes=8000)
    impatient = ElevenLabs(api_key="sk_practice", base_url=simulator.elevenlabs_url, timeout=1)
    parts = impatient.text_to_speech.stream(LUCIA, text=WORDS, output_format="ulaw_8000")
    assert next(parts)
    with pytest.raises(httpx.ReadTimeout):
        list(parts)


def test_the_answer_may_be_empty_or_no_sound_at_all(simulator: SimulatorHandle, elevenlabs: ElevenLabs):
    simulator.set_faults(speech_empty_body={"value": True, "times": 1})
    assert speak(elevenlabs) == b""
    simulator.set_faults(speech_wrong_content={"value": True, "times": 1})
    assert speak(elevenlabs).startswith(b"<!DOCTYPE html>")
    assert len(speak(elevenlabs)) > 8000


def test_the_first_byte_may_be_late(simulator: SimulatorHandle, elevenlabs: ElevenLabs):
    simulator.set_faults(speech_first_byte_ms=400)
    speak(elevenlabs)
    reading = simulator.timings()["speech_requests"][0]
    assert reading["first_byte_at"] - reading["received_at"] >= 0.4

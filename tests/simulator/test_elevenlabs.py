"""Text to speech with the official SDK: formats, lengths, headers, timing."""

import base64
import io
import json
import time

import pytest
import requests
import soundfile
from elevenlabs import ElevenLabs, VoiceSettings
from hypothesis import given
from hypothesis import strategies as st

from simulator.elevenlabs.alignment import align
from simulator.elevenlabs.synthesis import divide
from simulator.sound.audio import audioop
from simulator.sound.formats import OUTPUT_FORMATS, OutputFormat
from simulator.sound.making import MadeSpeech
from tests.simulator.server import SimulatorHandle

WORDS = "Buenas, le llamo para confirmar su cita del martes."
LUCIA, ALICE = "practiceLucia0000001", "practiceAlice0000005"


@pytest.fixture
def elevenlabs(simulator: SimulatorHandle) -> ElevenLabs:
    return ElevenLabs(api_key="sk_practice", base_url=simulator.elevenlabs_url, timeout=60)


def as_pcm(sound: bytes, wanted: OutputFormat) -> bytes:
    """16-bit samples at the format's rate."""
    if wanted.coding in ("mp3", "opus"):
        with soundfile.SoundFile(io.BytesIO(sound)) as file:
            assert file.samplerate == wanted.rate
            return bytes((file.read(dtype="int16")).tobytes())
    decode = {"ulaw": audioop.ulaw2lin, "alaw": audioop.alaw2lin}.get(wanted.coding)
    return decode(sound, 2) if decode else sound


def seconds(sound: bytes, wanted: OutputFormat) -> float:
    return len(as_pcm(sound, wanted)) / 2 / wanted.rate


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_every_format_is_audible_speech_of_the_same_length(elevenlabs: ElevenLabs, name: str):
    plain = b"".join(elevenlabs.text_to_speech.convert(LUCIA, text=WORDS, output_format="pcm_16000"))
    sound = b"".join(elevenlabs.text_to_speech.convert(LUCIA, text=WORDS, output_format=name))
    assert abs(seconds(sound, OUTPUT_FORMATS[name]) - len(plain) / 32_000) < 0.1
    assert audioop.max(as_pcm(sound, OUTPUT_FORMATS[name]), 2) > 5000


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("mp3_44100_128", "audio/mpeg"),
        ("opus_48000_64", "audio/ogg"),
        ("pcm_16000", "audio/pcm"),
        ("ulaw_8000", "audio/basic"),
        ("alaw_8000", "audio/x-alaw-basic"),
    ],
)
def test_the_content_type_tells_the_format(simulator: SimulatorHandle, name: str, content_type: str):
    url = f"{simulator.elevenlabs_url}/v1/text-to-speech/{LUCIA}?output_format={name}"
    answer = requests.post(url, json={"text": WORDS}, headers={"xi-api-key": "sk_practice"}, timeout=60)
    assert answer.headers["Content-Type"] == content_type
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_mp3_at_128_kbit_is_what_comes_unasked(elevenlabs: ElevenLabs):
    sound = b"".join(elevenlabs.text_to_speech.convert(LUCIA, text=WORDS))
    assert seconds(sound, OUTPUT_FORMATS["mp3_44100_128"]) > 2


@pytest.mark.parametrize("speed", [0.7, 1.2])
def test_speed_is_obeyed(elevenlabs: ElevenLabs, speed: float):
    def length(**options) -> float:
        parts = elevenlabs.text_to_speech.convert(LUCIA, text=WORDS * 3, output_format="ulaw_8000", **options)
        return len(b"".join(parts)) / 8000

    assert abs(length(voice_settings=VoiceSettings(speed=speed)) * speed / length() - 1) < 0.12


def test_spanish_and_english_sound_different(elevenlabs: ElevenLabs):
    def sound(**options) -> bytes:
        return b"".join(elevenlabs.text_to_speech.convert(LUCIA, text="Vale, no problem", **options))

    flash = {"model_id": "eleven_flash_v2_5", "output_format": "ulaw_8000"}
    assert sound(language_code="es", **flash) == sound(**flash)
    assert sound(language_code="en", **flash) != sound(**flash)


def test_the_answer_tells_its_request_its_cost_and_the_load(elevenlabs: ElevenLabs):
    with elevenlabs.text_to_speech.with_raw_response.stream(
        LUCIA, text=WORDS, model_id="eleven_flash_v2_5", output_format="ulaw_8000"
    ) as response:
        headers = response.headers
        assert b"".join(response.data)
    assert headers["request-id"]
    assert headers["history-item-id"]
    assert int(headers["character-cost"]) == -(-len(WORDS) // 2)
    assert (headers["current-concurrent-requests"], headers["maximum-concurrent-requests"]) == ("1", "30")


def test_whole_speech_comes_with_the_time_of_each_character(elevenlabs: ElevenLabs):
    answer = elevenlabs.text_to_speech.convert_with_timestamps(LUCIA, text=WORDS, output_format="ulaw_8000")
    length = len(base64.b64decode(answer.audio_base_64)) / 8000
    alignment = answer.alignment
    assert alignment.characters == list(WORDS)
    assert alignment.character_start_times_seconds[0] == 0
    assert alignment.character_end_times_seconds[-1] == pytest.approx(length, abs=0.01)
    assert alignment.character_start_times_seconds == sorted(alignment.character_start_times_seconds)
    assert alignment.character_start_times_seconds[1:] == alignment.character_end_times_seconds[:-1]


def test_streamed_speech_with_times_adds_up_to_the_same(elevenlabs: ElevenLabs):
    whole = b"".join(elevenlabs.text_to_speech.convert(LUCIA, text=WORDS, output_format="ulaw_8000"))
    parts = list(elevenlabs.text_to_speech.stream_with_timestamps(LUCIA, text=WORDS, output_format="ulaw_8000"))
    assert len(parts) > 5
    assert b"".join(base64.b64decode(part.audio_base_64) for part in parts) == whole
    assert [character for part in parts if part.alignment for character in part.alignment.characters] == list(WORDS)


@given(length=st.integers(1, 4_000_000), seconds=st.floats(0.05, 3000))
def test_no_character_of_a_long_text_is_lost_between_the_chunks(length: int, seconds: float):
    chunks = divide(MadeSpeech(b"x" * length, seconds))
    times = align("Buenas tardes, le llamo por su cita. " * 40, seconds)
    parts = [times.between(chunk.begins, chunk.ends) for chunk in chunks]
    assert [start for part in parts if part for start in part.starts] == times.starts
    assert sum(len(chunk.sound) for chunk in chunks) == length
    assert all(len(chunk.sound) % 2 == 0 for chunk in chunks[:-1])


def test_bodies_with_times_have_the_keys_of_the_reference(simulator: SimulatorHandle):
    url = f"{simulator.elevenlabs_url}/v1/text-to-speech/{LUCIA}/stream/with-timestamps"
    answer = requests.post(url, json={"text": WORDS}, headers={"xi-api-key": "sk_practice"}, timeout=60)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {frozenset(line) for line in lines} == {frozenset({"audio_base64", "alignment", "normalized_alignment"})}
    keys = {"characters", "character_start_times_seconds", "character_end_times_seconds"}
    assert set(lines[0]["alignment"]) == keys


def test_requests_are_timed(simulator: SimulatorHandle, elevenlabs: ElevenLabs):
    b"".join(elevenlabs.text_to_speech.stream(LUCIA, text=WORDS, output_format="ulaw_8000"))
    reading = simulator.wait_until(lambda: simulator.timings()["speech_requests"])[0]
    assert reading["characters"] == len(WORDS)
    assert reading["received_at"] < reading["first_byte_at"] <= reading["finished_at"]


def first_byte_after(simulator: SimulatorHandle, elevenlabs: ElevenLabs, model_id: str) -> float:
    simulator.reset_timings()
    for _ in range(3):
        b"".join(elevenlabs.text_to_speech.stream(LUCIA, text="Vale.", model_id=model_id, output_format="ulaw_8000"))
    return min(entry["first_byte_at"] - entry["received_at"] for entry in simulator.timings()["speech_requests"])


def test_each_model_takes_its_time_to_the_first_byte(simulator: SimulatorHandle, elevenlabs: ElevenLabs):
    models = ["eleven_flash_v2_5", "eleven_turbo_v2_5", "eleven_multilingual_v2", "eleven_v3"]
    taken = [first_byte_after(simulator, elevenlabs, model) for model in models]
    assert taken == sorted(taken)
    assert taken[0] >= 0.0075
    assert taken[-1] >= 0.12


def test_a_stream_comes_at_the_pace_at_which_it_is_made(simulator: SimulatorHandle, elevenlabs: ElevenLabs):
    """Speech of twelve seconds at four times the speed of speaking, on a network ten times as fast as life."""
    simulator.set_faults(speech_pace=4)
    parts = elevenlabs.text_to_speech.stream(
        LUCIA, text=WORDS * 4, output_format="ulaw_8000", request_options={"chunk_size": 160}
    )
    next(parts)
    begun = time.monotonic()
    length = (160 + sum(map(len, parts))) / 8000
    assert time.monotonic() - begun > 0.8 * length / 4 / 10


def test_a_clip_in_mp3_is_understood_by_who_hears_it(caller, elevenlabs: ElevenLabs):
    sound = b"".join(elevenlabs.text_to_speech.convert(LUCIA, text=WORDS))
    caller.application.documents["/clip"] = sound
    caller.application.headers["/clip"] = {"Content-Type": "audio/mpeg"}
    ended = caller.call_to_the_end("silent", f"<Play>{caller.application.base_url}/clip</Play>")
    assert WORDS in [line["text"] for line in ended["transcript"]]

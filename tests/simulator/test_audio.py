import contextlib
import io
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.handset.rendering import Rendered, RenderOrder, render
from simulator.handset.tape import Sound
from simulator.sound.audio import Encoded, UnreadableAudio, audioop, seconds_of, to_line, to_ulaw, wav_file
from simulator.sound.formats import OUTPUT_FORMATS, encode, read_tags
from simulator.sound.media import read_media
from simulator.sound.speech import Synthesizer, choose_voice
from simulator.sound.watermark import mark, read_marks

TEXT = "Le llamo para confirmar su cita. ¿Le viene bien mañana?"
NO_SPEECH = Synthesizer()


def noise(seconds: float, rate: int = 8000) -> bytes:
    return bytes(n * 31 % 256 for n in range(int(seconds * rate) * 2))


@pytest.mark.parametrize("coding", ["pcm", "ulaw"])
def test_a_clip_carries_its_words(coding: str):
    samples = noise(2) if coding == "pcm" else to_ulaw(noise(2))
    assert read_marks(Encoded(mark(samples, TEXT, coding=coding), coding, 8000)) == [TEXT]


def test_words_survive_a_wav_header_and_joining():
    one, two = (mark(noise(2), text, coding="pcm") for text in ("Primera frase.", "Segunda frase."))
    media = read_media(wav_file(one + two, channels=1), "audio/wav")
    assert read_marks(media) == ["Primera frase.", "Segunda frase."]


def test_noise_and_clips_too_short_carry_no_words():
    assert read_marks(Encoded(noise(1), "pcm", 8000)) == []
    assert mark(b"\xff" * 160, TEXT, coding="ulaw") == b"\xff" * 160


def test_a_text_too_long_for_its_length_field_is_not_carried():
    samples, words = bytes(2 * 8 * 90_000), "ñ" * 40_000
    assert mark(samples, words, coding="pcm") == samples


def test_a_wav_is_brought_to_the_rate_of_the_line():
    line = to_line(read_media(wav_file(noise(1, 16000), channels=1, rate=16000), "audio/wav"))
    assert abs(seconds_of(line) - 1) < 0.01


def file_of(pcm: bytes, container: str, subtype: str, rate: int = 8000) -> bytes:
    body = io.BytesIO()
    with soundfile.SoundFile(body, "w", samplerate=rate, channels=1, format=container, subtype=subtype) as file:
        file.buffer_write(pcm, "int16")
    return body.getvalue()


@pytest.mark.parametrize(
    ("kind", "container", "subtype"),
    [
        ("audio/mpeg", "MP3", "MPEG_LAYER_III"),
        ("audio/wav", "WAV", "PCM_24"),
        ("audio/wave", "WAV", "PCM_U8"),
        ("audio/x-wav; charset=binary", "WAV", "GSM610"),
        ("audio/aiff", "AIFF", "PCM_16"),
        ("audio/x-aifc", "AIFF", "ULAW"),
        ("audio/x-aiff", "AIFF", "FLOAT"),
        ("audio/x-gsm", "RAW", "GSM610"),
        ("audio/gsm", "RAW", "GSM610"),
    ],
)
def test_every_type_that_twilio_plays_is_heard_at_its_length(speech: bytes, kind: str, container: str, subtype: str):
    line = to_line(read_media(file_of(speech, container, subtype), kind))
    assert abs(seconds_of(line) - seconds_of(speech)) < 0.1
    assert audioop.rms(line, 2) > audioop.rms(speech, 2) / 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"ID3", "audio/mpeg"),
        (b"RIFF\0\0\0\0WAVE", "audio/wav"),
        (wav_file(noise(1), channels=1), "audio/mpeg"),
        (wav_file(noise(1), channels=1), "audio/ulaw"),
        (wav_file(noise(1), channels=1), "text/plain"),
        (file_of(noise(1), "AIFF", "PCM_16"), "audio/wav"),
        (file_of(noise(1), "WAV", "PCM_16"), "audio/aiff"),
        (b"<html>not found</html>" * 40, "audio/x-gsm"),
        (b"<html>not found</html>" * 40, "audio/mpeg"),
        (to_ulaw(noise(1)), "audio/ogg"),
        (b"", "audio/ulaw"),
    ],
)
def test_what_the_line_cannot_play_is_refused(body: bytes, kind: str):
    with pytest.raises(UnreadableAudio):
        read_media(body, kind)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["audio/mpeg", "audio/wav", "audio/aiff", "audio/gsm", "audio/ulaw"]))
def test_whatever_the_bytes_are_they_are_played_or_refused(body: bytes, kind: str):
    with contextlib.suppress(UnreadableAudio):
        to_line(read_media(body, kind))


@pytest.fixture(scope="module")
def synthesizer():
    synthesizer = Synthesizer()
    yield synthesizer
    synthesizer.close()


@pytest.fixture(scope="module")
def speech(synthesizer: Synthesizer) -> bytes:
    return synthesizer.speak_now(TEXT, choose_voice("anyone", "es-ES"))


@pytest.mark.parametrize("name", [name for name in OUTPUT_FORMATS if name.startswith("mp3")])
def test_an_mp3_keeps_length_loudness_bit_rate_and_words(synthesizer: Synthesizer, name: str):
    wanted = OUTPUT_FORMATS[name]
    pcm = synthesizer.speak_now(TEXT, choose_voice("anyone", "es-ES"), wanted.rate)
    body = encode(pcm, wanted, TEXT)
    media = read_media(body, "audio/mpeg")
    assert media.rate == wanted.rate
    assert abs(len(media.samples) - len(pcm)) / 2 / wanted.rate < 0.1
    assert abs(audioop.rms(media.samples, 2) / audioop.rms(pcm, 2) - 1) < 0.1
    assert abs(len(body) * 8 / 1000 / (len(pcm) / 2 / wanted.rate) / wanted.kilobits - 1) < 0.1
    assert read_marks(media) == [TEXT]


@pytest.mark.parametrize("name", [name for name in OUTPUT_FORMATS if name.startswith("opus")])
def test_ogg_opus_keeps_length_loudness_bit_rate_and_words(synthesizer: Synthesizer, name: str):
    wanted = OUTPUT_FORMATS[name]
    pcm = synthesizer.speak_now(TEXT, choose_voice("anyone", "es-ES"), wanted.rate)
    body = encode(pcm, wanted, TEXT)
    with soundfile.SoundFile(io.BytesIO(body)) as file:
        assert (file.format, file.subtype, file.samplerate, file.channels) == ("OGG", "OPUS", 48_000, 1)
        assert read_tags(body) == (TEXT,)
        samples = bytes(file.buffer_read(-1, "int16"))
    assert abs(len(samples) - len(pcm)) < 48_000 * 0.05
    assert abs(audioop.rms(samples, 2) / audioop.rms(pcm, 2) - 1) < 0.1
    assert abs(len(body) * 8 / 1000 / (len(pcm) / 2 / wanted.rate) / wanted.kilobits - 1) < 0.2


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=400))
def test_any_words_travel_in_an_mp3(words: str):
    media = read_media(encode(noise(0.3), OUTPUT_FORMATS["mp3_22050_32"], words), "audio/mpeg")
    assert read_marks(media) == [words]


def test_joined_mp3_files_tell_the_words_of_each(synthesizer: Synthesizer):
    """Programs put sentences together byte by byte."""
    texts = ["Buenos días.", "¿Le viene bien mañana?", "Hasta luego."]
    wanted = OUTPUT_FORMATS["mp3_44100_128"]
    parts = [synthesizer.speak_now(text, choose_voice("anyone", "es-ES"), wanted.rate) for text in texts]
    joined = b"".join(encode(pcm, wanted, text) for pcm, text in zip(parts, texts, strict=True))
    media = read_media(joined, "audio/mpeg")
    assert read_marks(media) == texts
    assert abs(len(media.samples) - sum(map(len, parts))) / 2 / wanted.rate < 0.4


def test_the_comment_of_a_foreign_mp3_is_not_heard_as_words():
    body = io.BytesIO()
    with soundfile.SoundFile(body, "w", samplerate=8000, channels=1, format="MP3") as file:
        file.comment = "made elsewhere"
        file.buffer_write(noise(1), "int16")
    assert read_marks(read_media(body.getvalue(), "audio/mpeg")) == []


def test_a_sound_that_was_cut_is_cut_in_the_recording(synthesizer: Synthesizer, tmp_path: Path):
    voice = choose_voice("anyone", "es-ES")
    cut = Sound("assistant", 0.0, 0.5, TEXT, voice, was_cut=True, planned_seconds=4)
    order = RenderOrder([cut], starts_at=0, ends_at=3, channels=1, path=tmp_path / "cut.wav")
    assert render(order, synthesizer) == Rendered(3, is_silent=False)
    samples = to_line(read_media(order.path.read_bytes(), "audio/wav"))
    assert any(samples[: 8000 // 2 * 2])
    assert not any(samples[8000 // 2 * 2 + 2 :])


def test_speech_longer_than_its_time_on_the_line_is_spoken_faster(synthesizer: Synthesizer, tmp_path: Path):
    """Long numbers: the other side may begin right after."""
    number = Sound("person", 0.0, 2.3, "Mi teléfono es el 612 345 678", choose_voice("anyone", "es-ES"))
    order = RenderOrder([number], starts_at=0, ends_at=6, channels=2, path=tmp_path / "number.wav")
    render(order, synthesizer)
    person = audioop.tomono(read_media(order.path.read_bytes(), "audio/wav").samples, 2, 1, 0)
    spoken = len(person.rstrip(b"\0")) / 16_000
    assert 1.8 < spoken <= 2.3


@pytest.mark.parametrize(("begins", "ends"), [(0.0, 1.5), (0.5, 2.0), (1.0, 3.0)])
def test_a_pause_is_left_out_or_kept_silent(synthesizer: Synthesizer, tmp_path: Path, begins: float, ends: float):
    tone = Sound("person", 0.0, 3.0, pcm=noise(3))
    whole = RenderOrder([tone], starts_at=0, ends_at=3, channels=1, path=tmp_path / "pause.wav")
    assert render(replace(whole, skipped=[(begins, ends)]), synthesizer).seconds == 3 - (ends - begins)
    assert render(replace(whole, silenced=[(begins, ends)]), synthesizer).seconds == 3
    samples = read_media(whole.path.read_bytes(), "audio/wav").samples
    assert not any(samples[int(begins * 16_000) : int(ends * 16_000)])
    assert any(samples[: int(begins * 16_000)]) == (begins > 0)


def test_silence_at_both_ends_is_trimmed_when_asked(synthesizer: Synthesizer, tmp_path: Path):
    sounds = [Sound("person", 2.0, 1.0, pcm=noise(1)), Sound("assistant", 4.0, 1.0, pcm=noise(1))]
    order = RenderOrder(sounds, starts_at=0, ends_at=9, channels=2, path=tmp_path / "trim.wav", trims_silence=True)
    assert abs(render(order, synthesizer).seconds - 3) < 0.01


@pytest.mark.parametrize("track", ["inbound", "outbound"])
def test_one_track_alone_leaves_the_other_silent(synthesizer: Synthesizer, tmp_path: Path, track: str):
    sounds = [Sound("person", 0.0, 1.0, pcm=noise(1)), Sound("assistant", 1.0, 1.0, pcm=noise(1))]
    order = RenderOrder(sounds, starts_at=0, ends_at=2, channels=1, path=tmp_path / "track.wav", track=track)
    render(order, synthesizer)
    samples = read_media(order.path.read_bytes(), "audio/wav").samples
    assert any(samples[:16_000]) == (track == "inbound")
    assert any(samples[16_000:]) == (track == "outbound")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["person", "assistant"]), st.floats(0, 8), st.floats(0.1, 4)), max_size=6))
def test_a_recording_sounds_where_somebody_spoke_and_nowhere_else(spoken):
    sounds = [Sound(speaker, at, seconds, pcm=noise(seconds + 1)) for speaker, at, seconds in spoken]
    with TemporaryDirectory() as folder:
        order = RenderOrder(sounds, starts_at=0, ends_at=10, channels=2, path=Path(folder) / "all.wav")
        assert render(order, NO_SPEECH).seconds == 10
        samples = read_media(order.path.read_bytes(), "audio/wav").samples
    for side, channel in (("person", (1, 0)), ("assistant", (0, 1))):
        mono = audioop.tomono(samples, 2, *channel)
        for tenth in range(5, 95, 10):
            middle = tenth / 10
            inside = [at + 0.1 < middle < at + seconds - 0.1 for speaker, at, seconds in spoken if speaker == side]
            around = [at - 0.1 < middle < at + seconds + 0.1 for speaker, at, seconds in spoken if speaker == side]
            heard = any(mono[int((middle - 0.02) * 8000) * 2 : int((middle + 0.02) * 8000) * 2])
            assert heard or not any(inside)
            assert not heard or any(around)

import pytest

from simulator.handset.tape import Sound, Tape, render_recording
from simulator.sound.audio import Encoded, UnreadableAudio, read_media, seconds_of, to_line, to_ulaw, wav_file
from simulator.sound.speech import Synthesizer, choose_voice
from simulator.sound.watermark import mark, read_marks

TEXT = "Le llamo para confirmar su cita. ¿Le viene bien mañana?"


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


def test_a_wav_is_brought_to_the_rate_of_the_line():
    line = to_line(read_media(wav_file(noise(1, 16000), channels=1, rate=16000), "audio/wav"))
    assert abs(seconds_of(line) - 1) < 0.01


@pytest.mark.parametrize(("body", "kind"), [(b"ID3", "audio/mpeg"), (b"RIFF\0\0\0\0WAVE", "audio/wav")])
def test_what_the_line_cannot_play_is_refused(body: bytes, kind: str):
    with pytest.raises(UnreadableAudio):
        read_media(body, kind)


def test_a_sound_that_was_cut_is_cut_in_the_recording():
    synthesizer = Synthesizer()
    voice = choose_voice("anyone", "es-ES")
    tape = Tape([Sound("assistant", 0.0, 0.5, TEXT, voice, was_cut=True)])
    recording = render_recording(tape, starts_at=0, ends_at=3, channels=1, synthesizer=synthesizer)
    synthesizer.close()
    samples = to_line(read_media(recording, "audio/wav"))
    assert any(samples[: 8000 // 2 * 2])
    assert not any(samples[8000 // 2 * 2 + 2 :])
    assert seconds_of(samples) == 3

from datetime import timedelta

import pytest
import time_machine

from callcenter import clock
from calls import providers, speech_cache
from calls.models import SpeechClip
from calls.providers.base import ProviderError
from calls.providers.elevenlabs import ElevenLabsSpeech
from calls.sound import silence, wav, wav_duration_ms
from calls.speech_cache import Sentence
from calls.turn_stream import clip_key, redis
from tests.calls.conversation.scripted import Answer, scripted_server

SECOND = "~" * 8000


@pytest.fixture
def voice(settings):
    with scripted_server(Answer(SECOND, content_type="audio/basic")) as server:
        settings.ELEVENLABS_BASE_URL = server.url
        providers.speech.cache_clear()
        yield server
    providers.speech.cache_clear()


def sentence(text="Buenos días.", **fields):
    made = Sentence(text, voice="v1", language="es-ES", **fields)
    redis().delete(clip_key(made.key))
    return made


def speak(words):
    return providers.speech().synthesize(words, voice="v1", language="es-ES", model="")


def test_a_clip_is_a_wav_file_of_telephone_sound():
    header = wav(b"\xff" * 800)
    assert header[:4] == b"RIFF"
    assert header[20:22] == (7).to_bytes(2, "little")
    assert header[22:28] == b"\x01\x00" + (8000).to_bytes(4, "little")
    assert int.from_bytes(header[4:8], "little") == len(header) - 8
    assert wav_duration_ms(header) == 100


def test_silence_is_as_long_as_asked():
    assert wav_duration_ms(silence(20)) == 20


def test_a_sentence_is_spoken_once_and_kept(db, voice):
    first = speech_cache.render(sentence())
    again = speech_cache.render(sentence("  Buenos   días. "))
    assert first == again == wav(SECOND.encode())
    assert len(voice.requests) == 1
    assert SpeechClip.objects.get().duration_ms == 1000


def test_sentences_share_a_connection_also_after_a_pause(voice):
    with time_machine.travel(0) as clock_:
        for words in ("Uno.", "Dos.", "Tres."):
            assert b"".join(speak(words))
            clock_.shift(30)
    assert len(voice.peers) == 3
    assert len(set(voice.peers)) == 1


def test_another_voice_or_language_is_another_clip():
    spoken = {sentence().key, Sentence("Buenos días.", voice="v2", language="es-ES").key}
    assert len(spoken | {Sentence("Buenos días.", voice="v1", language="es-MX").key}) == 3


def test_two_workers_that_make_the_same_clip_leave_one_file(db, voice, settings):
    for _ in range(2):
        speech_cache.keep(sentence(), wav(b"\xff" * 80))
    assert SpeechClip.objects.count() == 1
    assert len(list((settings.MEDIA_ROOT / "speech").iterdir())) == 1


def test_a_clip_whose_file_is_gone_is_made_anew(db, voice):
    speech_cache.render(sentence())
    SpeechClip.objects.get().file.storage.delete(SpeechClip.objects.get().file.name)
    assert speech_cache.render(sentence())
    assert len(voice.requests) == 2


def test_clips_that_nobody_uses_are_forgotten_and_fixed_ones_stay(db, voice):
    speech_cache.render(sentence("Una frase."))
    speech_cache.render(sentence("Una frase fija.", is_fixed=True))
    assert speech_cache.evict_clips(clock.now() + timedelta(days=8)) == 1
    assert SpeechClip.objects.get().is_fixed


def test_the_least_used_clips_go_when_the_cache_is_full(db, voice):
    speech_cache.render(sentence("Vieja."))
    speech_cache.render(sentence("Nueva."))
    speech_cache.evict_clips(clock.now(), largest_bytes=9000)
    assert SpeechClip.objects.get().pk == sentence("Nueva.").key


def error_of(settings, *answers):
    with scripted_server(*answers) as server:
        settings.ELEVENLABS_BASE_URL = server.url
        with pytest.raises(ProviderError) as raised:
            list(ElevenLabsSpeech().synthesize("Hola.", voice="v", language="es-ES", model="m"))
    return raised.value.code, raised.value.permanent


@pytest.mark.parametrize(
    ("status", "body", "code", "permanent"),
    [
        (401, '{"detail":{"status":"quota_exceeded","message":"…"}}', "quota_exceeded", True),
        (400, '{"detail":{"type":"authentication_error","code":"invalid_api_key"}}', "invalid_api_key", True),
        (429, '{"detail":{"status":"system_busy"}}', "system_busy", False),
        (429, '{"detail":{"code":"concurrent_limit_exceeded"}}', "concurrent_limit_exceeded", False),
        (404, '{"detail":{"status":"voice_not_found"}}', "voice_not_found", True),
        (400, '{"detail":"plain words"}', "plain words", True),
        (503, "unavailable", "503", False),
    ],
)
def test_each_refusal_of_the_voice_is_understood(settings, status, body, code, permanent):
    assert error_of(settings, Answer(body, status, "application/json")) == (code, permanent)


def test_what_may_pass_is_tried_once_more(db, settings, voice):
    voice.answers.insert(0, Answer('{"detail":{"status":"system_busy"}}', 429, "application/json"))
    assert speech_cache.render(sentence())
    assert len(voice.requests) == 2

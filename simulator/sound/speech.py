"""Audible speech from espeak-ng, in one worker thread because the library keeps its state in globals."""

import asyncio
import ctypes
import hashlib
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import espeakng_loader

from simulator.sound.audio import LINE_RATE, resample

SYNCHRONOUS_RETRIEVAL = 2
CHARACTERS_UTF8 = 1
RATE_PARAMETER, PITCH_PARAMETER = 1, 3
CACHED_CLIPS, LARGEST_CACHED_BYTES = 256, 1 << 20
SAME_NAME = (
    "ar", "bg", "cs", "da", "de", "el", "fi", "fr", "hi", "hr", "hu", "id", "it", "ja",
    "ko", "ms", "nl", "pl", "pt", "ro", "ru", "sk", "sv", "ta", "tr", "uk", "vi",
)  # fmt: skip
LANGUAGES = dict(zip(SAME_NAME, SAME_NAME, strict=True)) | {
    "es-MX": "es-419",
    "es-US": "es-419",
    "es": "es",
    "en-US": "en-us",
    "en": "en",
    "fil": "en",
    "no": "nb",
    "zh": "cmn",
}
VARIANTS = ("m1", "m2", "m3", "m4", "m5", "m7", "f1", "f2", "f3", "f4", "f5")
SamplesCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@dataclass(frozen=True)
class Voice:
    """An espeak voice name such as es+f3, its pitch (0-99) and rate in words a minute."""

    name: str
    pitch: int = 50
    words_per_minute: int = 175


def choose_voice(identity: str, language: str, *, words_per_minute: int = 175) -> Voice:
    """The same identity always sounds the same, and different ones sound different."""
    digest = hashlib.sha256(identity.encode()).digest()
    variant = VARIANTS[digest[0] % len(VARIANTS)]
    return Voice(f"{espeak_language(language)}+{variant}", 30 + digest[1] % 45, words_per_minute)


def espeak_language(language: str) -> str:
    return LANGUAGES.get(language) or LANGUAGES.get(language.split("-")[0].lower(), "en")


class Synthesizer:
    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="espeak")
        self._engine: Engine | None = None
        self._clips: OrderedDict[tuple[str, Voice, int], bytes] = OrderedDict()

    async def speak(self, text: str, voice: Voice, rate: int = LINE_RATE) -> bytes:
        """16-bit mono PCM at the asked sample rate."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._clip, text, voice, rate)

    def speak_now(self, text: str, voice: Voice, rate: int = LINE_RATE) -> bytes:
        """For other threads: waits for the worker thread, never call it on the loop."""
        return self._thread.submit(self._clip, text, voice, rate).result()

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _clip(self, text: str, voice: Voice, rate: int) -> bytes:
        key = (text, voice, rate)
        known = self._clips.get(key)
        if known is not None:
            self._clips.move_to_end(key)
            return known
        self._engine = self._engine or Engine()
        clip = resample(self._engine.synthesize(text, voice), self._engine.sample_rate, rate)
        if len(clip) <= LARGEST_CACHED_BYTES:
            self._clips[key] = clip
        if len(self._clips) > CACHED_CLIPS:
            self._clips.popitem(last=False)
        return clip


class Engine:
    def __init__(self) -> None:
        self._library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        data_path = str(espeakng_loader.get_data_path()).encode()
        self.sample_rate: int = self._library.espeak_Initialize(SYNCHRONOUS_RETRIEVAL, 0, data_path, 0)
        if self.sample_rate <= 0:
            raise RuntimeError("espeak-ng does not start: is the package espeakng-loader complete?")
        self._samples = bytearray()
        self._callback = SamplesCallback(self._collect)
        self._library.espeak_SetSynthCallback(self._callback)

    def synthesize(self, text: str, voice: Voice) -> bytes:
        self._samples.clear()
        if self._library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise RuntimeError(f"espeak-ng has no voice {voice.name}")
        self._library.espeak_SetParameter(RATE_PARAMETER, voice.words_per_minute, 0)
        self._library.espeak_SetParameter(PITCH_PARAMETER, voice.pitch, 0)
        words = text.encode()
        size = ctypes.c_size_t(len(words) + 1)
        self._library.espeak_Synth(words, size, 0, 0, 0, CHARACTERS_UTF8, None, None)
        self._library.espeak_Synchronize()
        return bytes(self._samples)

    def _collect(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._samples.extend(ctypes.string_at(samples, count * 2))
        return 0

"""Speech that was made once is kept: fixed sentences for as long as they are used, others for a while.

A vendor's voice never says a sentence twice the same way, and every character costs money. The key is a hash of all
that decides the sound. Clips are WAV files in the telephone's own format, mu-law at 8000 Hz.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import QuerySet, Sum

from callcenter import clock
from calls import sound, turn_stream
from calls.models import SpeechClip
from calls.providers import speech
from calls.providers.base import ProviderError

PAUSE_SECONDS = 0.15
FORMAT = "wav-ulaw-8000"
USED_AGAIN_AFTER = timedelta(days=1)
"""The time of use is written at most this often."""
KEEP_FIXED = timedelta(days=90)
KEEP_OTHERS = timedelta(days=7)
LARGEST_CACHE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words to be spoken, and by which voice; empty voice and model are the installation's own."""

    text: str
    voice: str
    language: str
    is_fixed: bool = False

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    @property
    def key(self) -> str:
        parts = (self.chosen_voice, settings.ELEVENLABS_MODEL, self.language, FORMAT, self.words)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def chosen_voice(self) -> str:
        return self.voice or settings.ELEVENLABS_VOICE


def find(sentence: Sentence) -> bytes | None:
    """The kept sound of a sentence, as a WAV file."""
    known = turn_stream.redis().get(turn_stream.clip_key(sentence.key))
    if isinstance(known, bytes):
        return known
    clip = SpeechClip.objects.filter(pk=sentence.key).first()
    return read_clip(clip) if clip else None


def read_clip(clip: SpeechClip) -> bytes | None:
    """The clip's file, or None when somebody removed it; then the clip is forgotten, to be made anew."""
    try:
        with clip.file.open("rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        clip.delete()
        return None
    if clock.now() - clip.last_used_at > USED_AGAIN_AFTER:
        SpeechClip.objects.filter(pk=clip.pk).update(last_used_at=clock.now())
    return content


def make(sentence: Sentence) -> bytes:
    """Let the voice speak the sentence; what may pass (busy, a failing server) is tried once more at once.

    Raises `ProviderError`.
    """
    try:
        return _make(sentence)
    except ProviderError as error:
        if error.permanent:
            raise
        time.sleep(PAUSE_SECONDS)
        return _make(sentence)


def _make(sentence: Sentence) -> bytes:
    chunks = speech().synthesize(
        sentence.words,
        voice=sentence.chosen_voice,
        language=sentence.language,
        model=settings.ELEVENLABS_MODEL,
    )
    return sound.wav(b"".join(chunks))


def keep(sentence: Sentence, wav: bytes) -> None:
    """Store a sound that was made; of two workers that made the same one, the first is kept."""
    clip = SpeechClip(
        key=sentence.key,
        voice=sentence.chosen_voice,
        model=settings.ELEVENLABS_MODEL,
        language=sentence.language,
        characters=len(sentence.words),
        duration_ms=sound.wav_duration_ms(wav),
        bytes=len(wav),
        is_fixed=sentence.is_fixed,
    )
    clip.file.save(f"{sentence.key}.wav", ContentFile(wav), save=False)
    SpeechClip.objects.bulk_create([clip], ignore_conflicts=True)
    if not SpeechClip.objects.filter(pk=clip.pk, file=clip.file.name).exists():
        clip.file.delete(save=False)


def render(sentence: Sentence) -> bytes:
    """The sound of a sentence, kept or made. Raises `ProviderError`."""
    wav = find(sentence) or make(sentence)
    if not cached_keys([sentence]):
        keep(sentence, wav)
    return wav


def cached_keys(sentences: list[Sentence]) -> set[str]:
    """Which of these have a clip that the web door can serve."""
    keys = [sentence.key for sentence in sentences]
    return set(SpeechClip.objects.filter(pk__in=keys).values_list("pk", flat=True))


def evict_clips(now: datetime, *, largest_bytes: int = LARGEST_CACHE_BYTES) -> int:
    """Remove what nobody has used for long, then the least recently used above the size limit; how many went."""
    removed = _remove(SpeechClip.objects.filter(is_fixed=True, last_used_at__lt=now - KEEP_FIXED))
    removed += _remove(SpeechClip.objects.filter(is_fixed=False, last_used_at__lt=now - KEEP_OTHERS))
    excess = (SpeechClip.objects.aggregate(total=Sum("bytes"))["total"] or 0) - largest_bytes
    for clip in SpeechClip.objects.order_by("is_fixed", "last_used_at").iterator():
        if excess <= 0:
            break
        excess -= clip.bytes
        removed += _remove(SpeechClip.objects.filter(pk=clip.pk))
    return removed


def _remove(clips: QuerySet[SpeechClip]) -> int:
    count = 0
    for clip in clips:
        clip.file.delete(save=False)
        clip.delete()
        count += 1
    return count

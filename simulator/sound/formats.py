"""Speech in the formats that ElevenLabs offers, each carrying its own words (see watermark.py)."""

import io
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

import soundfile

from simulator.sound.audio import to_alaw, to_ulaw
from simulator.sound.watermark import mark

WORDS_TAG, WORDS_END = "words of this clip in the practice network:", "|"
"""Around the comment of an MP3 or Ogg file: their coding would not leave the lowest bits alone.

Longer than the thirty characters of the ID3v1 comment, which would otherwise tell short words a second time.
"""
READABLE = " .,;:!?'()"
TAGGED = re.compile(f"{WORDS_TAG}([ -{{}}~]+)[{WORDS_END}]".encode())
OPUS_LOWEST, OPUS_RANGE = 6, 250
HIGH_RATE = 32_000


@dataclass(frozen=True)
class OutputFormat:
    """`coding` is mp3, opus, pcm, ulaw or alaw; `kilobits` a second, for the first two."""

    name: str
    coding: str
    rate: int
    kilobits: int = 0

    @property
    def content_type(self) -> str:
        """Of the bare codings ElevenLabs documents none: these are the registered names."""
        return {
            "mp3": "audio/mpeg",
            "opus": "audio/ogg",
            "pcm": "audio/pcm",
            "ulaw": "audio/basic",
            "alaw": "audio/x-alaw-basic",
        }[self.coding]


def named(name: str) -> OutputFormat:
    coding, rate, *kilobits = name.split("_")
    return OutputFormat(name, coding, int(rate), *map(int, kilobits))


OUTPUT_FORMATS = {
    name: named(name)
    for name in (
        "mp3_22050_32",
        "mp3_24000_48",
        *(f"mp3_44100_{kilobits}" for kilobits in (32, 64, 96, 128, 192)),
        *(f"pcm_{rate}" for rate in (8000, 16000, 22050, 24000, 32000, 44100, 48000)),
        "ulaw_8000",
        "alaw_8000",
        *(f"opus_48000_{kilobits}" for kilobits in (32, 64, 96, 128, 192)),
    )
}


def encode(pcm: bytes, wanted: OutputFormat, words: str) -> bytes:
    """From 16-bit mono PCM at the wanted rate. Takes processor time: not for the loop."""
    if wanted.coding == "mp3":
        return encode_mp3(pcm, wanted, words)
    if wanted.coding == "opus":
        return encode_opus(pcm, wanted, words)
    coded = {"ulaw": to_ulaw, "alaw": to_alaw}.get(wanted.coding, bytes)(pcm)
    return mark(coded, words, coding=wanted.coding)


def tag_of(words: str) -> str:
    """Percent-encoded, as the library writes ID3 comments byte by byte."""
    return WORDS_TAG + quote(words, safe=READABLE) + WORDS_END


def read_tags(body: bytes) -> tuple[str, ...]:
    """Of all files that were joined byte by byte."""
    return tuple(unquote(words.decode()) for words in TAGGED.findall(body))


def encode_mp3(pcm: bytes, wanted: OutputFormat, words: str) -> bytes:
    """The library spreads its compression level from 0 to 1 over 320 to 32 kbit/s, below 32 kHz over 160 to 8."""
    highest, lowest = (320, 32) if wanted.rate >= HIGH_RATE else (160, 8)
    level = min((highest - wanted.kilobits) / (highest - lowest), 0.9999)
    body = io.BytesIO()
    with soundfile.SoundFile(
        body,
        "w",
        samplerate=wanted.rate,
        channels=1,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=level,
    ) as file:
        file.comment = tag_of(words)
        file.buffer_write(pcm, "int16")
    return body.getvalue()


def encode_opus(pcm: bytes, wanted: OutputFormat, words: str) -> bytes:
    """The library spreads its compression level from 0 to 1 over 256 to 6 kbit/s."""
    level = 1 - (wanted.kilobits - OPUS_LOWEST) / OPUS_RANGE
    body = io.BytesIO()
    with soundfile.SoundFile(
        body, "w", samplerate=wanted.rate, channels=1, format="OGG", subtype="OPUS", compression_level=level
    ) as file:
        file.comment = tag_of(words)
        file.buffer_write(pcm, "int16")
    return body.getvalue()

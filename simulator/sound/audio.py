"""Sound as bytes: 16-bit mono PCM inside, mu-law and WAV at the edges."""

import struct
import warnings
from dataclasses import dataclass

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

LINE_RATE = 8000
BYTES_PER_SAMPLE = 2
WAV_PCM = 1


class UnreadableAudio(ValueError):
    """The bytes are not in a format that a phone line can play."""


class UnknownAudioType(UnreadableAudio):
    """Not even the type of the content is one that Twilio plays."""


@dataclass(frozen=True)
class Encoded:
    """Samples as they came: `coding` is pcm, ulaw or alaw. `words` were told by a tag of the file."""

    samples: bytes
    coding: str
    rate: int
    channels: int = 1
    words: tuple[str, ...] = ()


def resample(pcm: bytes, from_rate: int, to_rate: int) -> bytes:
    if from_rate == to_rate or not pcm:
        return pcm
    return audioop.ratecv(pcm, BYTES_PER_SAMPLE, 1, from_rate, to_rate, None)[0]


def to_ulaw(pcm: bytes) -> bytes:
    return audioop.lin2ulaw(pcm, BYTES_PER_SAMPLE)


def to_alaw(pcm: bytes) -> bytes:
    return audioop.lin2alaw(pcm, BYTES_PER_SAMPLE)


def seconds_of(pcm: bytes, rate: int = LINE_RATE) -> float:
    return len(pcm) / (BYTES_PER_SAMPLE * rate)


def silence(seconds: float, rate: int = LINE_RATE) -> bytes:
    return bytes(int(seconds * rate) * BYTES_PER_SAMPLE)


def to_line(media: Encoded) -> bytes:
    """16-bit mono PCM at the rate of the telephone line."""
    if media.coding == "ulaw":
        pcm = audioop.ulaw2lin(media.samples, BYTES_PER_SAMPLE)
    elif media.coding == "alaw":
        pcm = audioop.alaw2lin(media.samples, BYTES_PER_SAMPLE)
    else:
        pcm = media.samples[: len(media.samples) // (2 * media.channels) * 2 * media.channels]
    if media.channels == 2:
        pcm = audioop.tomono(pcm, BYTES_PER_SAMPLE, 0.5, 0.5)
    return resample(pcm, media.rate, LINE_RATE)


def mix_into(track: bytearray, pcm: bytes, at_sample: int) -> None:
    start = at_sample * BYTES_PER_SAMPLE
    end = min(start + len(pcm), len(track))
    if end <= start:
        return
    track[start:end] = audioop.add(bytes(track[start:end]), pcm[: end - start], BYTES_PER_SAMPLE)


def to_stereo(left: bytes, right: bytes) -> bytes:
    return audioop.add(
        audioop.tostereo(left, BYTES_PER_SAMPLE, 1, 0),
        audioop.tostereo(right, BYTES_PER_SAMPLE, 0, 1),
        BYTES_PER_SAMPLE,
    )


def wav_file(pcm: bytes, *, channels: int, rate: int = LINE_RATE) -> bytes:
    width = channels * BYTES_PER_SAMPLE
    header = struct.pack("<HHIIHH", WAV_PCM, channels, rate, rate * width, width, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(header)) + header + b"data" + struct.pack("<I", len(pcm)) + pcm
    return b"RIFF" + struct.pack("<I", len(body)) + body

"""Audio files as <Play> may fetch them (https://www.twilio.com/docs/voice/twiml/play#supported-audio-file-types)."""

import io
import re
import struct
from itertools import pairwise
from typing import Any

import soundfile

from simulator.sound.audio import BYTES_PER_SAMPLE, LINE_RATE, Encoded, UnknownAudioType, UnreadableAudio
from simulator.sound.formats import read_tags

WAV_PCM, WAV_ALAW, WAV_ULAW = 1, 6, 7
WAV_CODINGS = {(WAV_PCM, 16): "pcm", (WAV_ULAW, 8): "ulaw", (WAV_ALAW, 8): "alaw"}
CONTAINERS = {
    "audio/mpeg": "MP3",
    "audio/wav": "WAV",
    "audio/wave": "WAV",
    "audio/x-wav": "WAV",
    "audio/aiff": "AIFF",
    "audio/x-aifc": "AIFF",
    "audio/x-aiff": "AIFF",
    "audio/gsm": "GSM",
    "audio/x-gsm": "GSM",
    "audio/ulaw": "ULAW",
}
GSM_FRAME_BYTES, GSM_MAGIC = 33, 0xD0
BARE_GSM: dict[str, Any] = {"format": "RAW", "subtype": "GSM610", "samplerate": LINE_RATE, "channels": 1}
ID3_HEADER = re.compile(rb"ID3[\x02-\x04]\x00[\x00-\xff][\x00-\x7f]{4}", re.DOTALL)
FRAMES_AT_ONCE = 65_536
LONGEST_SECONDS = 4 * 3600


def read_media(body: bytes, content_type: str) -> Encoded:
    """Raises UnknownAudioType when the type is none that Twilio plays, UnreadableAudio when the content is another."""
    container = CONTAINERS.get(content_type.split(";")[0].strip().lower())
    if container is None:
        raise UnknownAudioType(f"cannot play {content_type or 'untyped'} content")
    if container == "ULAW":
        return read_ulaw(body)
    if container == "WAV":
        return read_wav(body)
    if container == "GSM":
        return read_gsm(body)
    if container == "MP3":
        return read_mp3(body)
    return read_with_library(body, container)


def read_ulaw(body: bytes) -> Encoded:
    """Bare samples look like anything; what begins as a file of another kind was sent under a wrong type."""
    if not body or body[:4] in (b"RIFF", b"FORM", b"OggS") or body[:3] == b"ID3":
        raise UnreadableAudio("no bare mu-law samples")
    return Encoded(body, "ulaw", LINE_RATE)


def read_gsm(body: bytes) -> Encoded:
    if len(body) < GSM_FRAME_BYTES or any(byte & 0xF0 != GSM_MAGIC for byte in body[::GSM_FRAME_BYTES]):
        raise UnreadableAudio("no GSM 06.10 frames")
    return read_with_library(body, "RAW", **BARE_GSM)


def read_mp3(body: bytes) -> Encoded:
    """Files joined byte by byte play one after the other; the library would stop where the first one says it ends."""
    begins = [found.start() for found in ID3_HEADER.finditer(body) if found.start()]
    edges = [0, *begins, len(body)]
    first, *others = [read_with_library(body[start:end], "MP3") for start, end in pairwise(edges)]
    if any((part.rate, part.channels) != (first.rate, first.channels) for part in others):
        raise UnreadableAudio("MP3 files of different shapes in one")
    samples = b"".join(part.samples for part in (first, *others))
    return Encoded(samples, "pcm", first.rate, first.channels, read_tags(body))


def read_with_library(body: bytes, container: str, **shape: Any) -> Encoded:
    """Counted while reading: the length that an MP3 tells beforehand is a guess."""
    try:
        with soundfile.SoundFile(io.BytesIO(body), **shape) as file:
            if file.format != container or file.channels not in (1, 2):
                raise UnreadableAudio(f"{file.format} with {file.channels} channels instead of {container}")
            samples = read_samples(file)
            return Encoded(samples, "pcm", file.samplerate, file.channels, read_tags(body))
    except soundfile.SoundFileError as error:
        raise UnreadableAudio(f"no readable {container} content") from error


def read_samples(file: soundfile.SoundFile) -> bytes:
    frame_bytes = file.channels * BYTES_PER_SAMPLE
    samples, buffer = bytearray(), bytearray(FRAMES_AT_ONCE * frame_bytes)
    while len(samples) < LONGEST_SECONDS * file.samplerate * frame_bytes:
        frames = file.buffer_read_into(buffer, "int16")
        samples += buffer[: frames * frame_bytes]
        if frames < FRAMES_AT_ONCE:
            break
    if not samples:
        raise UnreadableAudio("no sound in the file")
    return bytes(samples)


def read_wav(body: bytes) -> Encoded:
    """The codings that carry words in their lowest bits are taken as they are; the library reads the others."""
    if body[:4] != b"RIFF" or body[8:12] != b"WAVE":
        raise UnreadableAudio("no WAV file")
    chunks = dict(wav_chunks(body))
    if b"fmt " not in chunks or b"data" not in chunks or len(chunks[b"fmt "]) < 16:
        raise UnreadableAudio("WAV file without format or data")
    coding, channels, rate, _, _, bits = struct.unpack("<HHIIHH", chunks[b"fmt "][:16])
    name = WAV_CODINGS.get((coding, bits))
    if name is None:
        return read_with_library(body, "WAV")
    if channels not in (1, 2) or not rate:
        raise UnreadableAudio(f"WAV file with {channels} channels at {rate} Hz")
    return Encoded(chunks[b"data"], name, rate, channels)


def wav_chunks(body: bytes) -> list[tuple[bytes, bytes]]:
    """A streamed WAV may carry a data size of 0xFFFFFFFF: slicing stops at the end of the body."""
    chunks, position = [], 12
    while position + 8 <= len(body):
        name, size = struct.unpack("<4sI", body[position : position + 8])
        chunks.append((name, body[position + 8 : position + 8 + size]))
        position += 8 + size + size % 2
    return chunks

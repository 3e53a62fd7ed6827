"""Telephone sound: mu-law, 8000 samples of one byte a second, in a WAV file that the carrier plays as it is."""

import struct

SAMPLES_PER_SECOND = 8000
SILENT_SAMPLE = b"\xff"
MU_LAW_FORMAT = 7
"""WAVE_FORMAT_MULAW of RFC 2361. A compressed format has an 18-byte `fmt ` chunk and a `fact` chunk."""

HEADER_BYTES = 58


def wav(samples: bytes) -> bytes:
    """A WAV file around mu-law samples."""
    padded = samples + b"\0" * (len(samples) % 2)
    fmt = struct.pack("<HHIIHHH", MU_LAW_FORMAT, 1, SAMPLES_PER_SECOND, SAMPLES_PER_SECOND, 1, 8, 0)
    chunks = b"".join(
        (
            b"fmt " + struct.pack("<I", len(fmt)) + fmt,
            b"fact" + struct.pack("<II", 4, len(samples)),
            b"data" + struct.pack("<I", len(samples)) + padded,
        )
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def silence(milliseconds: int) -> bytes:
    """A WAV file of silence."""
    return wav(SILENT_SAMPLE * (milliseconds * SAMPLES_PER_SECOND // 1000))


def wav_duration_ms(wav: bytes) -> int:
    """How long a file made by `wav` sounds."""
    return (len(wav) - HEADER_BYTES) * 1000 // SAMPLES_PER_SECOND

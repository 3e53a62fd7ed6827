"""The words of a clip, written inaudibly into its own samples.

A handset cannot recognise speech. Whatever the speech service of this network makes carries its text in the lowest
bits of its first samples, so that a person who hears the clip, even after a restart and from the product's own
cache, knows what was said. It survives wrapping in a WAV header, not transcoding. Files of a coding that loses bits
carry their words in a tag instead (see formats.py).
"""

import zlib

from simulator.sound.audio import BYTES_PER_SAMPLE, Encoded

LOWEST_BITS = bytes(value & 1 for value in range(256))
LONGEST_TEXT = 0xFFFF
HEADER = b"\xa5\x3c\x96\xf1"
HEADER_BITS = bytes((byte >> shift) & 1 for byte in HEADER for shift in range(7, -1, -1))


def mark(samples: bytes, text: str, *, coding: str) -> bytes:
    """Returns the samples with the text; too short a clip and too long a text stay unmarked."""
    step = BYTES_PER_SAMPLE if coding == "pcm" else 1
    words = text.encode()
    room = len(samples) // step // 8 - len(HEADER) - 6
    if len(words) > min(room, LONGEST_TEXT):
        return samples
    payload = HEADER + len(words).to_bytes(2, "big") + zlib.crc32(words).to_bytes(4, "big") + words
    marked = bytearray(samples)
    for position, bit in enumerate(to_bits(payload)):
        marked[position * step] = marked[position * step] & 0xFE | bit
    return bytes(marked)


def read_marks(media: Encoded) -> list[str]:
    """All texts found, in order: a product may join several clips into one file."""
    if media.words:
        return list(media.words)
    step = BYTES_PER_SAMPLE * media.channels if media.coding == "pcm" else media.channels
    bits = media.samples[::step].translate(LOWEST_BITS)
    texts, position = [], bits.find(HEADER_BITS)
    while position >= 0:
        text = read_text(bits, position + len(HEADER_BITS))
        if text is not None:
            texts.append(text)
        position = bits.find(HEADER_BITS, position + 1)
    return texts


def read_text(bits: bytes, position: int) -> str | None:
    length = int.from_bytes(from_bits(bits[position : position + 16]), "big")
    checksum = int.from_bytes(from_bits(bits[position + 16 : position + 48]), "big")
    words = from_bits(bits[position + 48 : position + 48 + length * 8])
    if len(words) != length or zlib.crc32(words) != checksum:
        return None
    return words.decode()


def to_bits(data: bytes) -> bytes:
    return bytes((byte >> shift) & 1 for byte in data for shift in range(7, -1, -1))


def from_bits(bits: bytes) -> bytes:
    whole = len(bits) // 8 * 8
    return bytes(int("".join(map(str, bits[start : start + 8])), 2) for start in range(0, whole, 8))

"""Tones of the telephone network: keys, the beep of a voicemail, the call of a fax machine."""

import math
import struct
from functools import cache

from simulator.sound.audio import LINE_RATE

LOUDNESS = 9000
ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYPAD = ("123A", "456B", "789C", "*0#D")
# ITU-T Q.23: every key is one low and one high tone.
KEY_HERTZ = {key: (ROWS[row], COLUMNS[column]) for row, keys in enumerate(KEYPAD) for column, key in enumerate(keys)}


@cache
def tone(seconds: float, *hertz: int) -> bytes:
    """All of these frequencies at once, as 16-bit PCM of the line."""
    steps = range(int(seconds * LINE_RATE))
    share = LOUDNESS / max(1, len(hertz))
    wave = (int(sum(share * math.sin(2 * math.pi * pitch * step / LINE_RATE) for pitch in hertz)) for step in steps)
    return struct.pack(f"<{len(steps)}h", *wave)


def key_tone(key: str, seconds: float) -> bytes:
    return tone(seconds, *KEY_HERTZ[key])

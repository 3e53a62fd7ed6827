"""Makes the sound of an order, and hands it out as fast as the model would."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from simulator.elevenlabs.order import Order
from simulator.network import Network
from simulator.sound.audio import BYTES_PER_SAMPLE
from simulator.sound.making import MadeSpeech, SpeechOrder, make_speech

CHUNK_SECONDS = 0.25


async def synthesize(network: Network, order: Order) -> MadeSpeech:
    wanted = SpeechOrder(order.text, order.voice, order.format)
    if wanted.is_light:
        return await asyncio.to_thread(make_speech, wanted, network.synthesizer)
    return await network.speech_maker.speak(wanted)


def first_byte_seconds(network: Network, order: Order) -> float:
    """Of the wall's clock: the fault is meant as it is written, the model's own time shrinks with the speed."""
    wished = network.faults.speech_first_byte_ms
    if wished == 0:
        return 0.0
    if wished is None or not network.faults.strikes("speech_first_byte_ms"):
        return order.model.first_byte_seconds / network.pace.speed
    return wished / 1000


def making_seconds(network: Network, order: Order, seconds: float) -> float:
    """How long the model makes so many seconds of speech, of the wall's clock."""
    pace = network.faults.speech_pace if network.faults.strikes("speech_pace") else None
    return seconds / (pace or order.model.pace) / network.pace.speed


@dataclass(frozen=True)
class Chunk:
    """A stretch of the sound, and when in the speech it lies."""

    sound: bytes
    begins: float
    ends: float


async def paced(network: Network, order: Order, speech: MadeSpeech) -> AsyncIterator[Chunk]:
    """Chunk by chunk, each when it is made: the first one at once, as its time was waited for already."""
    started_at = time.monotonic()
    making = making_seconds(network, order, speech.seconds)
    for chunk in divide(speech):
        due = started_at + making * chunk.begins / speech.seconds
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        yield chunk


def divide(speech: MadeSpeech) -> list[Chunk]:
    """Between whole samples; the last chunk ends after everything."""
    count = max(1, round(speech.seconds / CHUNK_SECONDS))
    size = -(-len(speech.sound) // count)
    size += size % BYTES_PER_SAMPLE
    starts = range(0, len(speech.sound), size)
    begins = [speech.seconds * start / len(speech.sound) for start in starts]
    ends = [*begins[1:], math.inf]
    return [
        Chunk(speech.sound[start : start + size], begin, end)
        for start, begin, end in zip(starts, begins, ends, strict=True)
    ]

"""From a tape to an audio file. Takes processor time and holds the interpreter: runs in a process of its own."""

import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import soundfile

from simulator.handset.tape import Sound
from simulator.sound.audio import BYTES_PER_SAMPLE, LINE_RATE, mix_into, seconds_of, silence, to_stereo, wav_file
from simulator.sound.speech import Synthesizer, Voice

SIDES = ("person", "assistant")
TRACK_OF_SIDE = {"person": "inbound", "assistant": "outbound"}
FASTEST_WORDS_PER_MINUTE = 450
MP3_LEVEL = 0.8
"""At 8 kHz 8 to 64 kbit/s, of which this is about 24: a telephone has no more to say."""
Span = tuple[float, float]


@dataclass(frozen=True)
class RenderOrder:
    """Instants are seconds since the answer. Pauses were left out (skipped) or filled with silence."""

    sounds: list[Sound]
    starts_at: float
    ends_at: float
    channels: int
    path: Path
    track: str = "both"
    trims_silence: bool = False
    skipped: list[Span] = field(default_factory=list)
    silenced: list[Span] = field(default_factory=list)


@dataclass(frozen=True)
class Rendered:
    seconds: float
    is_silent: bool


@dataclass(frozen=True)
class Conversion:
    """Another file type, or mono from stereo, of a recording that exists: the paths' endings tell which."""

    source: Path
    target: Path
    channels: int


def render(order: RenderOrder, synthesizer: Synthesizer) -> Rendered:
    """Writes a WAV file at 8 kHz: the person left, the assistant right."""
    tracks = [render_side(order, side, synthesizer) for side in SIDES]
    if order.trims_silence:
        tracks = trim(tracks)
    is_silent = not any(track.strip(b"\0") for track in tracks)
    order.path.write_bytes(wav_file(join(tracks, order.channels), channels=order.channels))
    return Rendered(seconds_of(tracks[0]), is_silent)


def render_side(order: RenderOrder, side: str, synthesizer: Synthesizer) -> bytes:
    track = bytearray(silence(max(0.0, order.ends_at - order.starts_at)))
    if order.track in ("both", TRACK_OF_SIDE[side]):
        for sound in order.sounds:
            if sound.speaker == side and sound.starts_at < order.ends_at:
                place(track, sound, order.starts_at, synthesizer)
    for begins, ends in order.silenced:
        first, last = byte_at(begins - order.starts_at), byte_at(ends - order.starts_at)
        track[first:last] = bytes(len(track[first:last]))
    for begins, ends in sorted(order.skipped, reverse=True):
        del track[byte_at(begins - order.starts_at) : byte_at(ends - order.starts_at)]
    return bytes(track)


def place(track: bytearray, sound: Sound, starts_at: float, synthesizer: Synthesizer) -> None:
    pcm = pcm_of(sound, synthesizer)
    skipped = byte_at(starts_at - sound.starts_at)
    mix_into(track, pcm[skipped:], byte_at(sound.starts_at - starts_at) // BYTES_PER_SAMPLE)


def byte_at(seconds: float) -> int:
    return max(0, int(seconds * LINE_RATE)) * BYTES_PER_SAMPLE


def pcm_of(sound: Sound, synthesizer: Synthesizer) -> bytes:
    """Never longer than it lasted on the line: the other side may speak right after."""
    pcm = sound.pcm
    if not pcm and sound.text and sound.voice:
        pcm = synthesizer.speak_now(sound.text, sound.voice)
        if seconds_of(pcm) > sound.planned_seconds > 0:
            pcm = speak_faster(sound, sound.voice, seconds_of(pcm), synthesizer)
    return pcm[: byte_at(sound.seconds)]


def speak_faster(sound: Sound, voice: Voice, seconds: float, synthesizer: Synthesizer) -> bytes:
    wished = int(voice.words_per_minute * seconds / sound.planned_seconds * 1.05)
    hurried = replace(voice, words_per_minute=min(wished, FASTEST_WORDS_PER_MINUTE))
    return synthesizer.speak_now(sound.text, hurried)


def trim(tracks: list[bytes]) -> list[bytes]:
    """Cuts what is silent on both sides, at the beginning and at the end."""
    leading = min(len(track) - len(track.lstrip(b"\0")) for track in tracks) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE
    end = max(len(track.rstrip(b"\0")) for track in tracks)
    end += end % BYTES_PER_SAMPLE
    return [track[leading : max(leading, end)] for track in tracks]


def join(tracks: list[bytes], channels: int) -> bytes:
    if channels == 2:
        return to_stereo(*tracks)
    mixed = bytearray(tracks[0])
    mix_into(mixed, tracks[1], 0)
    return bytes(mixed)


def convert(order: Conversion) -> None:
    """The target appears whole or not at all: somebody may be reading it."""
    with soundfile.SoundFile(order.source) as source:
        samples = source.read(dtype="int16", always_2d=True)
    if samples.shape[1] > order.channels:
        samples = (samples.astype("int32").sum(axis=1, keepdims=True)).clip(-32768, 32767).astype("int16")
    settings: dict[str, Any] = {"format": "WAV", "subtype": "PCM_16"}
    if order.target.suffix == ".mp3":
        settings = {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "CONSTANT"}
        settings["compression_level"] = MP3_LEVEL
    body = io.BytesIO()
    with soundfile.SoundFile(body, "w", samplerate=LINE_RATE, channels=order.channels, **settings) as target:
        target.write(samples)
    unfinished = order.target.with_suffix(".part")
    unfinished.write_bytes(body.getvalue())
    unfinished.replace(order.target)

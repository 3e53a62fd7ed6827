"""What was heard on the line and when, and the recordings made of it."""

from dataclasses import dataclass, field
from typing import Literal

from simulator.sound.audio import BYTES_PER_SAMPLE, LINE_RATE, mix_into, seconds_of, silence, to_stereo, wav_file
from simulator.sound.speech import Synthesizer, Voice

Speaker = Literal["person", "assistant"]


@dataclass
class Sound:
    """One stretch of sound. `seconds` is how long it really lasted: barge-in cuts it short."""

    speaker: Speaker
    starts_at: float
    seconds: float
    text: str = ""
    voice: Voice | None = None
    pcm: bytes = b""
    was_cut: bool = False


@dataclass
class Tape:
    """Offsets are seconds since the call was answered, as people live them (speed 1)."""

    sounds: list[Sound] = field(default_factory=list)

    def add(self, sound: Sound) -> Sound:
        self.sounds.append(sound)
        return sound


def render_recording(tape: Tape, *, starts_at: float, ends_at: float, channels: int, synthesizer: Synthesizer) -> bytes:
    """A WAV file at 8 kHz: person left, assistant right. Takes processor time: not for the loop."""
    length = max(0.0, ends_at - starts_at)
    tracks = {"person": bytearray(silence(length)), "assistant": bytearray(silence(length))}
    for sound in tape.sounds:
        pcm = pcm_of(sound, synthesizer)
        skipped = max(0, int((starts_at - sound.starts_at) * LINE_RATE)) * BYTES_PER_SAMPLE
        at_sample = max(0, int((sound.starts_at - starts_at) * LINE_RATE))
        mix_into(tracks[sound.speaker], pcm[skipped:], at_sample)
    person, assistant = bytes(tracks["person"]), bytes(tracks["assistant"])
    if channels == 2:
        return wav_file(to_stereo(person, assistant), channels=2)
    mix_into(tracks["person"], assistant, 0)
    return wav_file(bytes(tracks["person"]), channels=1)


def pcm_of(sound: Sound, synthesizer: Synthesizer) -> bytes:
    pcm = sound.pcm
    if not pcm and sound.text and sound.voice:
        pcm = synthesizer.speak_now(sound.text, sound.voice)
    if sound.was_cut and seconds_of(pcm) > sound.seconds:
        return pcm[: int(sound.seconds * LINE_RATE) * BYTES_PER_SAMPLE]
    return pcm

"""The sound path between one person and whatever speaks for the application."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from simulator.handset.tape import Sound, Speaker, Tape
from simulator.pace import Pace
from simulator.sound.speech import Voice
from simulator.sound.tones import KEY_HERTZ, key_tone
from simulator.twilio.call_record import CallRecord, TranscriptLine

CHARACTERS_PER_SECOND = 15.0
SHORTEST_SPEECH_SECONDS = 0.35
KEY_SECONDS = 0.25
KEY_PAUSE_SECONDS = {"w": 0.5, "W": 1.0}


def speech_seconds(text: str) -> float:
    return SHORTEST_SPEECH_SECONDS + len(text) / CHARACTERS_PER_SECOND


def heard_part(text: str, share: float) -> str:
    """Whole words only: a word cut in half was not heard."""
    if share >= 1:
        return text
    return text[: int(len(text) * max(0.0, share))].rpartition(" ")[0]


class Listener(Protocol):
    """What recognises the person's speech and keys at the moment."""

    hears_speech: bool

    def speech_started(self) -> None: ...

    def speech_ended(self, words: str) -> None: ...

    def key_pressed(self, digit: str) -> None: ...


@runtime_checkable
class HearsSounds(Protocol):
    """A listener that follows the person's sounds while they last, words or not."""

    def sound_began(self, sound: Sound) -> None: ...


class PhoneLine:
    """`ended` resolves to who ended the call: person, application, rest, time-limit."""

    def __init__(self, call: CallRecord, pace: Pace) -> None:
        self.call, self.pace = call, pace
        self.tape = Tape()
        self.listener: Listener | None = None
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.answered_at = time.monotonic()
        self.heard: list[str] = []
        self.keys_heard = ""
        self.sounds_playing = 0
        self.assistant_started_at: float | None = None
        self.last_sound_at = time.monotonic()
        self.person_is_speaking = False
        self._sound: Sound | None = None
        self._floor_holders = 0
        self._changed = asyncio.Event()

    def answer(self) -> None:
        self.answered_at = self.last_sound_at = time.monotonic()

    def end(self, by: str) -> None:
        if not self.ended.done():
            self.ended.set_result(by)

    def now(self) -> float:
        """Seconds since the answer, as people live them."""
        return self.pace.natural_since(self.answered_at)

    @property
    def floor_is_taken(self) -> bool:
        return self._floor_holders > 0

    @property
    def somebody_sounds(self) -> bool:
        return self.sounds_playing > 0 or self.person_is_speaking or self.floor_is_taken

    @contextmanager
    def assistant_holds_floor(self) -> Iterator[None]:
        """From the first to the last word of what the assistant has to say, pauses included."""
        self._floor_holders += 1
        try:
            yield
        finally:
            self._floor_holders -= 1
            self.something_changed()

    async def assistant_says(self, text: str, voice: Voice, line: TranscriptLine | None = None) -> None:
        """Lasts as long as the words do; cancelled, only the heard part is kept."""
        sound = Sound("assistant", self.now(), speech_seconds(text), text, voice)
        await self._assistant_sound(sound, line or self._write("assistant", ""))

    async def assistant_plays(self, pcm: bytes, text: str, seconds: float) -> None:
        sound = Sound("assistant", self.now(), seconds, text, pcm=pcm)
        await self._assistant_sound(sound, self._write("assistant", "") if text else None)

    async def assistant_presses(self, digits: str) -> None:
        """Key tones from the application's side; w and W are pauses, other characters are passed over."""
        for key in digits:
            if key in KEY_PAUSE_SECONDS:
                await self.pace.sleep(KEY_PAUSE_SECONDS[key])
            elif key in KEY_HERTZ:
                await self._assistant_key(key)

    async def _assistant_key(self, key: str) -> None:
        self._write("assistant", f"[{key}]")
        sound = Sound("assistant", self.now(), KEY_SECONDS, pcm=key_tone(key, KEY_SECONDS))
        await self._assistant_sound(sound, None)
        self.keys_heard += key
        self.something_changed()

    def take_keys(self) -> str:
        """What the application has keyed in since they were last asked for."""
        keys, self.keys_heard = self.keys_heard, ""
        return keys

    async def _assistant_sound(self, sound: Sound, line: TranscriptLine | None) -> None:
        self.tape.add(sound)
        self.sounds_playing += 1
        if self.assistant_started_at is None:
            self.assistant_started_at = self.now()
        self.something_changed()
        self._sound = sound
        said, heard = line.text if line else "", sound.text
        try:
            await self.pace.sleep(sound.seconds)
        except asyncio.CancelledError:
            share = min(1.0, (self.now() - sound.starts_at) / sound.seconds) if sound.seconds else 1.0
            sound.seconds, sound.was_cut, heard = sound.seconds * share, True, heard_part(sound.text, share)
            raise
        finally:
            if line is not None:
                line.text = f"{said} {heard}".strip()
            self._assistant_stopped(heard)

    def words_heard_now(self) -> str:
        """Of the sentence that is being spoken at this moment."""
        if self._sound is None or not self._sound.text:
            return ""
        return heard_part(self._sound.text, (self.now() - self._sound.starts_at) / self._sound.seconds)

    def _assistant_stopped(self, heard: str) -> None:
        self._sound = None
        if heard:
            self.heard.append(heard)
        self.sounds_playing -= 1
        self.last_sound_at = time.monotonic()
        self.something_changed()

    def take_heard(self) -> str:
        """What the assistant has said since the person last reacted."""
        words = " ".join(self.heard)
        self.heard.clear()
        self.assistant_started_at = None
        return words

    async def person_says(self, words: str, voice: Voice) -> None:
        """Whoever listens at the end has heard all of it, if anybody listens at all."""
        if self.listener:
            self.listener.speech_started()
        await self.person_sounds(words, voice)
        if self.listener:
            self.listener.speech_ended(words)

    def recognise(self, words: str) -> None:
        """Words that were spoken before anybody listened."""
        if self.listener:
            self.listener.speech_started()
            self.listener.speech_ended(words)

    def _record_person(self, sound: Sound) -> Sound:
        self.tape.add(sound)
        if isinstance(self.listener, HearsSounds):
            self.listener.sound_began(sound)
        return sound

    async def person_sounds(self, words: str, voice: Voice) -> None:
        """The sound alone: nobody is told of it."""
        length = speech_seconds(words)
        sound = self._record_person(Sound("person", self.now(), length, words, voice))
        line = self._write("person", words)
        self.person_is_speaking = True
        try:
            await self.pace.sleep(length)
        except asyncio.CancelledError:
            share = min(1.0, (self.now() - sound.starts_at) / length)
            sound.seconds, sound.was_cut, line.text = length * share, True, heard_part(words, share)
            raise
        finally:
            self.person_is_speaking = False
            self.last_sound_at = time.monotonic()

    def press_key(self, digit: str) -> None:
        self._write("person", f"[{digit}]")
        if self.listener:
            self.listener.key_pressed(digit)

    def start_listening(self, listener: Listener) -> None:
        self.listener = listener
        self.something_changed()

    def stop_listening(self, listener: Listener) -> None:
        if self.listener is listener:
            self.listener = None

    def begin_transcript_line(self, speaker: Speaker) -> TranscriptLine:
        return self._write(speaker, "")

    def _write(self, speaker: Speaker, text: str) -> TranscriptLine:
        line = TranscriptLine(speaker, text, round(self.now(), 2))
        self.call.transcript.append(line)
        return line

    def something_changed(self) -> None:
        self._changed.set()

    async def wait_for_change(self, seconds: float) -> None:
        """Wall-clock seconds at most."""
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

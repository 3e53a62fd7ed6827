"""The sound path between one person and whatever speaks for the application."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from simulator.handset.listener import HearsMurmurs, HearsSounds
from simulator.handset.listener import Listener as Listener
from simulator.handset.stretch import CHARACTERS_PER_SECOND as CHARACTERS_PER_SECOND
from simulator.handset.stretch import SHORTEST_SPEECH_SECONDS as SHORTEST_SPEECH_SECONDS
from simulator.handset.stretch import Playing
from simulator.handset.stretch import heard_part as heard_part
from simulator.handset.stretch import speech_seconds as speech_seconds
from simulator.handset.tape import Sound, Speaker, Tape
from simulator.pace import Pace
from simulator.sound.speech import Voice
from simulator.sound.tones import KEY_HERTZ, key_tone
from simulator.twilio.call_record import CallRecord, TranscriptLine

KEY_SECONDS = 0.25
KEY_PAUSE_SECONDS = {"w": 0.5, "W": 1.0}
BREATH_SECONDS = 0.3
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
CUT_IN_SECONDS, CUT_IN_WALL_SECONDS = 3.0, 2.0


class PhoneLine:
    """`ended` resolves to who ended the call: person, application, rest, time-limit.

    cue: the person wants to be woken when the assistant has spoken so many characters since the last reaction. The
    sound waits at that place until the person has cut in or goes on listening, so that the same words are heard
    however busy the process is.
    """

    def __init__(self, call: CallRecord, pace: Pace) -> None:
        self.call, self.pace = call, pace
        self.tape = Tape()
        self.listener: Listener | None = None
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.answered_at = time.monotonic()
        self.heard: list[str] = []
        self.keys_heard = ""
        self.sounds_playing = 0
        self.talked_seconds = 0.0
        self.last_sound_at = time.monotonic()
        self.person_is_speaking = False
        self.is_at_cue = False
        self._cue: int | None = None
        self._cue_is_over = asyncio.Event()
        self._spoken = 0
        self._playing: Playing | None = None
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
        sound.is_interruption = self.person_is_speaking
        playing = self._playing = Playing(self.tape.add(sound), self._spoken)
        self.sounds_playing += 1
        self.something_changed()
        if line is not None and sound.is_interruption:
            line.is_interruption = True
        said, heard, until = line.text if line else "", sound.text, playing.length
        try:
            await self._play(playing)
        except asyncio.CancelledError:
            moment = self.now()
            heard, until = playing.words(moment), playing.character_now(moment)
            sound.seconds, sound.was_cut = sound.seconds * playing.share(moment), True
            raise
        finally:
            if line is not None:
                line.text = " ".join(f"{said} {heard}".split())
            self._assistant_stopped(playing, heard, until)

    async def _play(self, playing: Playing) -> None:
        began = time.monotonic()
        while self._cue is not None and playing.contains(self._cue):
            character = self._cue - playing.begins_at
            await self._sleep_until(began, playing.seconds_at(self._cue))
            playing.stopped_at, playing.is_cut_in = character, True
            waited_from = time.monotonic()
            await self._wait_for_person()
            began += time.monotonic() - waited_from
        await self._sleep_until(began, playing.sound.seconds)

    async def _sleep_until(self, began: float, seconds: float) -> None:
        await self.pace.sleep(seconds - self.pace.natural_since(began))

    async def _wait_for_person(self) -> None:
        self._cue, self.is_at_cue = None, True
        self._cue_is_over.clear()
        self.something_changed()
        try:
            async with asyncio.timeout(self.pace.wait_seconds(CUT_IN_SECONDS, at_least=CUT_IN_WALL_SECONDS)):
                await self._cue_is_over.wait()
        except TimeoutError:
            self.go_on(cut_in=False)

    def _assistant_stopped(self, playing: Playing, heard: str, until: int) -> None:
        """Words that the person has cut off are answered already."""
        if heard and not (playing.sound.was_cut and playing.is_answered):
            self.heard.append(heard)
        self._spoken = playing.begins_at + until
        self.talked_seconds += playing.sound.seconds
        self.sounds_playing -= 1
        self._playing, self.is_at_cue = None, False
        self.last_sound_at = time.monotonic()
        self.something_changed()

    def words_heard_now(self) -> str:
        """Of the sentence that is being spoken at this moment."""
        return self._playing.words(self.now()) if self._playing else ""

    def take_heard(self) -> str:
        """What the assistant has said since the person last reacted."""
        words = " ".join(self.heard)
        self.heard.clear()
        self._spoken, self._cue = 0, None
        if self._playing is not None:
            self._playing.begins_at, self._playing.is_answered = -self._playing.stopped_at, True
        return words

    def wake_at(self, character: int | None) -> None:
        """Sets the cue; too late for a sound that is already past it or has begun without one."""
        self._cue = character

    def go_on(self, *, cut_in: bool) -> None:
        """The person has reacted to the cue: the sound continues, unless whoever listens has stopped it."""
        self.is_at_cue = False
        if self._playing is not None and not cut_in:
            self._playing.is_cut_in = False
        self._cue_is_over.set()

    async def person_says(
        self, words: str, voice: Voice, *, recognised: str | None = None, breathes: bool = False
    ) -> None:
        """Whoever listens at the end has heard all of it, if anybody listens at all.

        recognised: what a noisy line leaves of the words. breathes: pauses between sentences, as no machine does.
        """
        if self.listener:
            self.listener.speech_started()
        await self.person_sounds(words, voice, breathes=breathes, cuts_in=True)
        if self.listener:
            self.listener.speech_ended(words if recognised is None else recognised)

    def recognise(self, words: str) -> None:
        """Words that were spoken before anybody listened."""
        if self.listener:
            self.listener.speech_started()
            self.listener.speech_ended(words)

    async def person_sounds(self, words: str, voice: Voice, *, breathes: bool = False, cuts_in: bool = False) -> None:
        """The sound alone: no recogniser is told. cuts_in: it is the reaction to a cue, if there is one.

        Each sentence begins when it is due, however late this process wakes: whoever listens for pauses, as machine
        detection does, hears those that the person makes.
        """
        line, said = self._write("person", words), ""
        sentences = SENTENCE_END.split(words) if breathes else [words]
        length = sum(map(speech_seconds, sentences)) + BREATH_SECONDS * (len(sentences) - 1)
        self._announce(Sound("person", self.now(), length, words, voice))
        with self._person_speaks(cuts_in=cuts_in):
            due = self.now()
            for sentence in sentences:
                if said:
                    await self.pace.sleep(due - self.now())
                sound = Sound("person", due, speech_seconds(sentence), sentence, voice, is_reaction=cuts_in)
                due += sound.seconds + BREATH_SECONDS
                line.is_interruption |= self.sounds_playing > 0
                try:
                    await self._person_sound(sound)
                except asyncio.CancelledError:
                    line.text = f"{said} {heard_part(sentence, sound.seconds / speech_seconds(sentence))}".strip()
                    raise
                said = f"{said} {sentence}".strip()

    async def person_plays(self, pcm: bytes, seconds: float) -> None:
        """A beep or another tone: no words."""
        sound = Sound("person", self.now(), seconds, pcm=pcm)
        self._announce(sound)
        with self._person_speaks(cuts_in=False):
            await self._person_sound(sound)

    def _announce(self, sound: Sound) -> None:
        if isinstance(self.listener, HearsSounds):
            self.listener.sound_began(sound)

    @contextmanager
    def _person_speaks(self, *, cuts_in: bool) -> Iterator[None]:
        self.person_is_speaking = True
        if cuts_in:
            self.go_on(cut_in=True)
        try:
            yield
        finally:
            self.person_is_speaking = False
            self._cut_is_over()
            self.last_sound_at = time.monotonic()

    def _cut_is_over(self) -> None:
        """Whatever stops the sound from now on has other reasons."""
        if self._playing is not None and not self.is_at_cue:
            self._playing.is_cut_in = False

    async def _person_sound(self, sound: Sound) -> None:
        sound.is_interruption = self.sounds_playing > 0
        length = sound.seconds
        self.tape.add(sound)
        try:
            await self.pace.sleep(sound.starts_at + length - self.now())
        except asyncio.CancelledError:
            sound.seconds, sound.was_cut = min(length, max(0.0, self.now() - sound.starts_at)), True
            raise
        finally:
            self.talked_seconds += sound.seconds

    async def person_murmurs(self, words: str, voice: Voice) -> None:
        """A sign of attention that takes no turn: the assistant may go on."""
        seconds = speech_seconds(words)
        sound = Sound("person", self.now(), seconds, words, voice, is_interruption=True, is_reaction=True)
        self.tape.add(sound)
        self._announce(sound)
        self._write("person", words).is_interruption = True
        self.go_on(cut_in=True)
        if isinstance(self.listener, HearsMurmurs):
            self.listener.murmured(words)
        try:
            await self.pace.sleep(sound.seconds)
        finally:
            self._cut_is_over()
            self.last_sound_at = time.monotonic()

    def press_key(self, digit: str) -> None:
        self._write("person", f"[{digit}]")
        if digit in KEY_HERTZ:
            pcm = key_tone(digit, KEY_SECONDS)
            overlaps = self.sounds_playing > 0
            self.tape.add(Sound("person", self.now(), KEY_SECONDS, pcm=pcm, is_interruption=overlaps))
        if self.listener:
            self.listener.key_pressed(digit)
        self.go_on(cut_in=True)

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

    async def wait_for_change_or(self, task: "asyncio.Task[None]") -> None:
        self._changed.clear()
        change = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait({change, task}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            change.cancel()

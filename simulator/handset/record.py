"""<Record>: a message left by the person."""

import asyncio
from contextlib import suppress
from xml.etree import ElementTree

from simulator.handset.context import HandsetContext
from simulator.handset.tape import Sound
from simulator.handset.twiml import Document, is_true, read_seconds
from simulator.sound.tones import tone
from simulator.twilio.call_request import RecordingOrder
from simulator.twilio.recording_record import RecordingRecord

DEFAULT_TIMEOUT_SECONDS = 5.0
LONGEST_SECONDS = 3600.0
BEEP_SECONDS, BEEP_HERTZ = 0.5, 1000
ANY_KEY = "1234567890*#"
ACTION_FIELDS = ("RecordingUrl", "RecordingSid", "RecordingDuration")


class RecordSession:
    """Silence is what it listens for: words need not be understood to be recorded."""

    hears_speech = True

    def __init__(self, context: HandsetContext, document: Document, verb: ElementTree.Element) -> None:
        self._context = context
        self._order = read_order(document, verb)
        self._beeps = is_true(verb, "playBeep", default=True)
        self._timeout = read_seconds(verb, "timeout", DEFAULT_TIMEOUT_SECONDS)
        self._longest = read_seconds(verb, "maxLength", LONGEST_SECONDS)
        self._finish_on = verb.get("finishOnKey", ANY_KEY)
        self._news = asyncio.Event()
        self._silent_from = 0.0
        self._recording: RecordingRecord | None = None
        self._key = ""
        self.has_message = False

    async def run(self) -> None:
        """Until the person is silent, presses a key, hangs up or has said too much."""
        line = self._context.line
        if self._beeps:
            await line.assistant_plays(tone(BEEP_SECONDS, BEEP_HERTZ), "", BEEP_SECONDS)
        self._recording = self._context.recorder.start(self._order)
        self._silent_from = line.now()
        line.start_listening(self)
        try:
            async with asyncio.timeout(self._context.network.pace.wait_seconds(self._longest)):
                await self._listen()
        except TimeoutError:
            self.has_message = True
        finally:
            line.stop_listening(self)
            self._context.recorder.stop(self._recording)

    async def _listen(self) -> None:
        """Lasts until the timeout has passed since the last sound."""
        while not self._key:
            left = self._silent_from + self._timeout - self._context.line.now()
            if left <= 0:
                return
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._context.network.pace.wait_seconds(left)):
                    await self._news.wait()

    def fields(self, *, digits: str = "") -> dict[str, str]:
        """`digits` is "hangup" when that was the end; without a key there are none."""
        if self._recording is None:
            return {}
        told = self._recording.callback_fields(base_url=self._context.network.base_url)
        pressed = digits or self._key
        return {name: told[name] for name in ACTION_FIELDS} | ({"Digits": pressed} if pressed else {})

    def sound_began(self, sound: Sound) -> None:
        self.has_message = True
        self._silent_from = max(self._silent_from, sound.starts_at + sound.seconds)
        self._news.set()

    def speech_started(self) -> None:
        """The sound has been noticed already."""

    def speech_ended(self, words: str) -> None:
        """What was said is not understood, only recorded."""

    def key_pressed(self, digit: str) -> None:
        if digit in self._finish_on:
            self._key = digit
            self.has_message = True
            self._news.set()


def read_order(document: Document, verb: ElementTree.Element) -> RecordingOrder:
    return RecordingOrder(
        channels=1,
        source="RecordVerb",
        track=verb.get("recordingTrack", "both"),
        callback=document.wanted_callback(verb, "recordingStatusCallback"),
        events=tuple(verb.get("recordingStatusCallbackEvent", "completed").split()),
        trim=verb.get("trim", "trim-silence"),
    )

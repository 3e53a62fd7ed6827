"""<Record>: a message left by the person."""

import asyncio
from xml.etree import ElementTree

from simulator.handset.context import HandsetContext
from simulator.handset.twiml import read_seconds
from simulator.twilio.call_request import RecordingOrder
from simulator.twilio.recording_record import RecordingRecord

DEFAULT_TIMEOUT_SECONDS = 5.0
LONGEST_SECONDS = 3600.0


class RecordSession:
    hears_speech = True

    def __init__(self, context: HandsetContext, verb: ElementTree.Element) -> None:
        self._context = context
        self._timeout = read_seconds(verb, "timeout", DEFAULT_TIMEOUT_SECONDS)
        self._longest = read_seconds(verb, "maxLength", LONGEST_SECONDS)
        self._finish_on = verb.get("finishOnKey", "1234567890*#")
        self._news = asyncio.Event()
        self._is_speaking = self._was_finished = self._heard_something = False

    async def run(self) -> RecordingRecord | None:
        """None when nothing was said: the next verb follows."""
        recording = self._context.recorder.start(RecordingOrder(channels=1, source="RecordVerb"))
        self._context.line.start_listening(self)
        try:
            async with asyncio.timeout(self._context.network.pace.wait_seconds(self._longest)):
                await self._listen()
        except TimeoutError:
            self._heard_something = True
        finally:
            self._context.line.stop_listening(self)
            self._context.recorder.stop(recording)
        return recording if self._heard_something else None

    async def _listen(self) -> None:
        while not self._was_finished:
            self._news.clear()
            try:
                async with asyncio.timeout(self._context.network.pace.wait_seconds(self._timeout)):
                    await self._news.wait()
            except TimeoutError:
                if not self._is_speaking:
                    return

    def speech_started(self) -> None:
        self._is_speaking = self._heard_something = True
        self._news.set()

    def speech_ended(self, words: str) -> None:
        self._is_speaking = False
        self._news.set()

    def key_pressed(self, digit: str) -> None:
        self._was_finished = digit in self._finish_on
        self._news.set()

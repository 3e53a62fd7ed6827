"""Say, Play and Pause: everything the line plays by itself."""

import asyncio
from collections.abc import Callable, Sequence
from xml.etree import ElementTree

from simulator.handset.clips import Clip, FetchReadings
from simulator.handset.context import HandsetContext
from simulator.handset.twiml import Document, read_seconds
from simulator.sound.speech import choose_voice
from simulator.timings import GatherTurn
from simulator.twilio.webhook_client import WebhookFailed

PROMPTS = ("Say", "Play", "Pause")
ENDLESS_LOOP = 1000
KEY_TONE_SECONDS = 0.25


class Playback:
    def __init__(self, context: HandsetContext, document: Document) -> None:
        self._context, self._document = context, document
        self._fetches: dict[ElementTree.Element, asyncio.Task[Clip]] = {}

    async def perform(self, prompts: Sequence[ElementTree.Element]) -> None:
        """Clips are fetched one by one, or all ahead: Twilio does not document which."""
        if self._context.network.options.fetch_plays_ahead:
            self._fetches = {verb: asyncio.create_task(self._fetch(verb)) for verb in prompts if is_clip(verb)}
        try:
            with self._context.line.assistant_holds_floor():
                for verb in prompts:
                    await self._perform_one(verb)
        finally:
            for task in self._fetches.values():
                task.cancel()

    async def _perform_one(self, verb: ElementTree.Element) -> None:
        if verb.tag == "Pause":
            await self._context.network.pace.sleep(read_seconds(verb, "length", 1))
        elif verb.tag == "Say":
            await self._say(verb)
        elif is_clip(verb):
            await self._play(verb)
        else:
            await self._context.network.pace.sleep(KEY_TONE_SECONDS * len(verb.get("digits", "")))

    async def _say(self, verb: ElementTree.Element) -> None:
        text = " ".join("".join(verb.itertext()).split())
        voice = choose_voice(verb.get("voice", "say"), verb.get("language", "en-US"))
        for _ in range(repetitions(verb)):
            if text:
                await self._context.line.assistant_says(text, voice)

    async def _play(self, verb: ElementTree.Element) -> None:
        try:
            clip = await (self._fetches.get(verb) or self._fetch(verb))
        except WebhookFailed as failure:
            self._context.call.complaints.append(str(failure))
            return
        for _ in range(repetitions(verb)):
            if clip.pcm:
                await self._context.line.assistant_plays(clip.pcm, clip.text, clip.seconds)

    async def _fetch(self, verb: ElementTree.Element) -> Clip:
        url = self._document.resolve((verb.text or "").strip())
        readings = read_first_clip(self._context.take_gather_turn())
        return await self._context.network.clips.fetch(url, readings)


def is_clip(verb: ElementTree.Element) -> bool:
    return verb.tag == "Play" and not verb.get("digits")


def repetitions(verb: ElementTree.Element) -> int:
    times = verb.get("loop", "1")
    return (int(times) or ENDLESS_LOOP) if times.isdigit() else 1


def read_first_clip(turn: GatherTurn | None) -> FetchReadings | None:
    if turn is None:
        return None
    return FetchReadings(setter(turn, "first_clip_requested_at"), setter(turn, "first_clip_first_byte_at"))


def setter(turn: GatherTurn, name: str) -> Callable[[float], None]:
    return lambda moment: setattr(turn, name, moment)

"""Say, Play and Pause: everything the line plays by itself."""

import asyncio
from collections.abc import Callable, Sequence
from xml.etree import ElementTree

from simulator.handset.clips import Clip, FetchReadings
from simulator.handset.context import HandsetContext
from simulator.handset.say import DEFAULT_LANGUAGE, INVALID_TEXT, TOO_LONG, Piece, say_problems, spoken_pieces
from simulator.handset.twiml import Document, read_seconds
from simulator.sound.speech import Voice, choose_voice
from simulator.timings import GatherTurn
from simulator.twilio.webhook_client import WebhookFailed

ENDLESS_LOOP, LOOP_DIGITS = 1000, 9


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
        elif verb.get("digits"):
            for _ in range(repetitions(verb)):
                await self._context.line.assistant_presses(verb.get("digits", ""))
        else:
            self._complain("12200 Play has neither a URL nor digits")

    async def _say(self, verb: ElementTree.Element) -> None:
        problems = dict(say_problems(verb))
        for code, words in problems.items():
            self._complain(f"{code} {words}")
        if problems.keys() & {INVALID_TEXT, TOO_LONG}:
            return
        voice = choose_voice(verb.get("voice", "say"), verb.get("language", DEFAULT_LANGUAGE))
        for _ in range(repetitions(verb)):
            for piece in spoken_pieces(verb):
                await self._utter(piece, voice)

    async def _utter(self, piece: Piece, voice: Voice) -> None:
        if isinstance(piece, str):
            await self._context.line.assistant_says(piece, voice)
        else:
            await self._context.network.pace.sleep(piece.seconds)

    async def _play(self, verb: ElementTree.Element) -> None:
        try:
            clip = await (self._fetches.get(verb) or self._fetch(verb))
        except WebhookFailed as failure:
            self._complain(str(failure))
            return
        for _ in range(repetitions(verb)):
            if clip.pcm:
                await self._context.line.assistant_plays(clip.pcm, clip.text, clip.seconds)

    async def _fetch(self, verb: ElementTree.Element) -> Clip:
        url = self._document.resolve((verb.text or "").strip())
        readings = read_first_clip(self._context.take_gather_turn())
        return await self._context.network.clips.fetch(url, readings)

    def _complain(self, text: str) -> None:
        self._context.call.complaints.append(text)


def is_clip(verb: ElementTree.Element) -> bool:
    return verb.tag == "Play" and bool((verb.text or "").strip())


def repetitions(verb: ElementTree.Element) -> int:
    """Zero is for ever, which Twilio ends after a thousand times."""
    times = verb.get("loop", "1")
    if not (times.isascii() and times.isdigit()):
        return 1
    return ENDLESS_LOOP if len(times) > LOOP_DIGITS else min(int(times) or ENDLESS_LOOP, ENDLESS_LOOP)


def read_first_clip(turn: GatherTurn | None) -> FetchReadings | None:
    if turn is None:
        return None
    return FetchReadings(setter(turn, "first_clip_requested_at"), setter(turn, "first_clip_first_byte_at"))


def setter(turn: GatherTurn, name: str) -> Callable[[float], None]:
    return lambda moment: setattr(turn, name, moment)

"""Machines that pick up: voicemail, announcement, fax, call screening, IVR."""

import asyncio
import random
import time

from simulator.handset.phone_line import PhoneLine
from simulator.people.menu import Place
from simulator.people.persona import Persona
from simulator.people.step import compiled
from simulator.people.words import plain
from simulator.sound.speech import Voice
from simulator.sound.tones import tone

BEEP_SECONDS, BEEP_HERTZ = 0.5, 1000
# ITU-T T.30: the answering tone of a fax machine.
FAX_SECONDS, FAX_HERTZ, FAX_PAUSE_SECONDS, FAX_TONES = 3.0, 2100, 2.0, 6
RECORDS_WALL_SECONDS = 10.0
GAP_SECONDS = 1.0
ANNOUNCED_TIMES = 2
MENU_QUIET_SECONDS, MENU_QUIET_WALL_SECONDS = 1.0, 0.15
MENU_WALL_SECONDS = 2.0


class Machine:
    def __init__(self, persona: Persona, greeting: str, line: PhoneLine, voice: Voice, dice: random.Random) -> None:
        self._persona, self._greeting, self._line, self._voice, self._dice = persona, greeting, line, voice, dice

    async def live(self) -> bool:
        """True when a person takes over."""
        kind = self._persona.machine
        if kind == "fax":
            await self._whistle()
        elif kind in ("ivr", "screening"):
            return await self._walk()
        else:
            await self._greet(kind)
        return False

    async def _whistle(self) -> None:
        for _ in range(FAX_TONES):
            await self._line.person_plays(tone(FAX_SECONDS, FAX_HERTZ), FAX_SECONDS)
            await self._line.pace.sleep(FAX_PAUSE_SECONDS)

    async def _greet(self, kind: str) -> None:
        await self._line.person_says(self._greeting, self._voice)
        if kind == "voicemail":
            await self._record()
        elif kind == "voicemail-no-beep":
            await self._wait_for_message()
        elif kind == "announcement":
            for _ in range(ANNOUNCED_TIMES - 1):
                await self._line.pace.sleep(GAP_SECONDS)
                await self._line.person_says(self._greeting, self._voice)
        await self._line.pace.sleep(GAP_SECONDS)

    async def _record(self) -> None:
        await self._line.person_plays(tone(BEEP_SECONDS, BEEP_HERTZ), BEEP_SECONDS)
        await self._wait_for_message()

    async def _wait_for_message(self) -> None:
        await asyncio.sleep(self._line.pace.wait_seconds(self._persona.records_seconds, at_least=RECORDS_WALL_SECONDS))

    async def _walk(self) -> bool:
        """From place to place, until the caller is put through, recorded or cut off."""
        place, visits, words = self._persona.place("start"), 1, self._greeting
        while visits <= place.visits:
            wanted = await self._visit(place, words)
            if place.then:
                return await self._finish(place)
            following = self._persona.place(wanted or place.otherwise or place.name)
            visits = visits + 1 if following is place else 1
            place = following
            words = self._dice.choice(place.say) if place.say else ""
        return False

    async def _finish(self, place: Place) -> bool:
        if place.then == "beep":
            await self._record()
        return place.then == "person"

    async def _visit(self, place: Place, words: str) -> str:
        """Speaks, and returns the name of the next place or nothing; a key may come before the end of the words."""
        self._line.take_heard()
        wanted = await self._speak(place, words)
        await self._line.pace.sleep(place.wait_seconds)
        if place.goes_to:
            names, shares = zip(*place.goes_to, strict=True)
            return str(self._dice.choices(names, shares)[0])
        return wanted or ("" if place.then else await self._choose(place))

    async def _speak(self, place: Place, words: str) -> str:
        if not words:
            return ""
        speaking = asyncio.create_task(self._line.person_says(words, self._voice))
        try:
            while not speaking.done():
                wanted = self._place_of_key(place)
                if wanted:
                    return wanted
                await self._line.wait_for_change_or(speaking)
            speaking.result()
            return ""
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    async def _choose(self, place: Place) -> str:
        """Waits for a key or for the end of somebody's words."""
        line, deadline = self._line, time.monotonic() + self._wait(place.timeout_seconds, MENU_WALL_SECONDS)
        needed = self._wait(MENU_QUIET_SECONDS, MENU_QUIET_WALL_SECONDS)
        while True:
            wanted = self._place_of_key(place)
            if wanted:
                return wanted
            is_silent = line.sounds_playing == 0 and not line.floor_is_taken
            quiet = time.monotonic() - line.last_sound_at
            if is_silent and line.heard and quiet >= needed:
                return self._place_of_words(place, line.take_heard())
            if is_silent and not line.heard and time.monotonic() >= deadline:
                return ""
            left = needed - quiet if line.heard else deadline - time.monotonic()
            await line.wait_for_change(max(0.001, left) if is_silent else MENU_WALL_SECONDS)

    def _wait(self, seconds: float, wall_seconds: float) -> float:
        return self._line.pace.wait_seconds(seconds, at_least=wall_seconds)

    def _place_of_key(self, place: Place) -> str:
        targets = dict(place.keys)
        return next((targets[key] for key in self._line.take_keys() if key in targets), "")

    def _place_of_words(self, place: Place, heard: str) -> str:
        return next((target for pattern, target in place.words if compiled(pattern).search(plain(heard))), "")

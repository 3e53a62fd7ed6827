"""A person with a telephone at the ear: picks up, listens, answers, interrupts, hangs up."""

import asyncio
import random
import time
from dataclasses import dataclass

from simulator.handset.phone_line import KEY_PAUSE_SECONDS, KEY_SECONDS, PhoneLine
from simulator.people.attention import Moment, plan_moments
from simulator.people.machine import Machine
from simulator.people.manner import garble
from simulator.people.mind import Mind, Reaction
from simulator.people.persona import Persona
from simulator.sound.speech import Voice, choose_voice

STALLED_SECONDS, STALLED_WALL_SECONDS = 4.0, 2.0
PATIENCE_WALL_SECONDS = 4.0
# No application answers at once: the pause before an answer stays longer than a gap between two of its sentences.
QUIET_WALL_SECONDS, LONGEST_QUIET_SECONDS = 0.15, 2.5
WAIT_FOR_LISTENER_SECONDS, WAIT_FOR_LISTENER_WALL_SECONDS = 3.0, 2.0
GREETED_SECONDS, GREETED_WALL_SECONDS = 0.3, 0.25
SILENT_PERSON_STAYS_SECONDS, SILENT_PERSON_STAYS_WALL_SECONDS = 60.0, 25.0
ENDS = (".", "?", "!", "…")
LEAVE_AFTER_SECONDS, LEAVE_AFTER_WALL_SECONDS = 2.5, 1.0


def national_digits(number: str) -> int:
    """Spanish numbers have nine digits, those of Mexico and North America ten."""
    return 9 if number.startswith("+34") else 10


@dataclass
class Person:
    persona: Persona
    number: str
    attempt: int
    dice: random.Random

    def __post_init__(self) -> None:
        self.mind = Mind(self.persona, self.attempt, self.dice)
        low, high = self.persona.ring_seconds
        self.ring_seconds = self.dice.uniform(low, high)
        self.pick_up_words = self._machine_greeting() if self.persona.is_machine else self.mind.pick_up()
        self._moments: list[Moment] = []
        self._silences = 0
        self._murmuring: asyncio.Task[None] | None = None
        self._minds_keys = any(step.keys for step in self.persona.steps)

    @property
    def voice(self) -> Voice:
        return choose_voice(f"person {self.number} {self.mind.voice}".strip(), self.mind.language)

    def _machine_greeting(self) -> str:
        if self.persona.machine == "fax":
            return ""
        place = self.persona.place("start") if self.persona.menu else None
        words = self.dice.choice(place.say) if place and place.say else self.mind.pick_up()
        return words.replace("{number}", " ".join(self.number[-national_digits(self.number) :]))

    async def live(self, line: PhoneLine) -> None:
        """From the answer until this person hangs up."""
        try:
            if not self.persona.is_machine:
                await self._converse(line, self.pick_up_words)
            elif await self._answer_by_machine(line):
                await self._converse(line, self.mind.pick_up())
        finally:
            if self._murmuring is not None:
                self._murmuring.cancel()
        line.end("person")

    async def _answer_by_machine(self, line: PhoneLine) -> bool:
        voice = choose_voice(f"machine {self.number}", self.persona.language)
        return await Machine(self.persona, self.pick_up_words, line, voice, self.mind.dice("machine")).live()

    async def _converse(self, line: PhoneLine, greeting: str) -> None:
        self._attend(line)
        await self._pick_up(line, greeting)
        if self.persona.is_silent:
            patience = line.pace.wait_seconds(SILENT_PERSON_STAYS_SECONDS, at_least=SILENT_PERSON_STAYS_WALL_SECONDS)
            await asyncio.sleep(patience)
            return
        while True:
            reaction = self._react(line, await self._listen(line))
            if reaction is None or await self._act(line, reaction):
                return

    async def _pick_up(self, line: PhoneLine, greeting: str) -> None:
        """A greeting interrupts nobody; it is recognised only by an application that waits for it in silence."""
        await line.pace.sleep(self.mind.dice("pick up").uniform(0.2, 0.6))
        if not greeting:
            return
        await line.person_sounds(greeting, self.voice, breathes=True)
        await self._wait_for_listener(line)
        await self._let_assistant_begin(line)
        if line.sounds_playing == 0 and not line.floor_is_taken:
            line.recognise(garble(greeting, self.persona.garbles, self.mind.dice("noise")))

    async def _let_assistant_begin(self, line: PhoneLine) -> None:
        """Whether an application speaks first must not depend on a few milliseconds."""
        deadline = time.monotonic() + line.pace.wait_seconds(GREETED_SECONDS, at_least=GREETED_WALL_SECONDS)
        while time.monotonic() < deadline and line.sounds_playing == 0 and not line.floor_is_taken:
            await line.wait_for_change(deadline - time.monotonic())

    def _attend(self, line: PhoneLine, *, until_the_end: bool = False) -> None:
        """Plans what happens during the assistant's next words."""
        self._moments = []
        if not self.persona.is_silent and not until_the_end:
            self._moments = plan_moments(self.persona, self.mind.next_step(), self.mind.dice("attention"))
        self._wait_for_moment(line)

    def _wait_for_moment(self, line: PhoneLine) -> None:
        line.wake_at(self._moments[0].character if self._moments else None)

    def _react(self, line: PhoneLine, chance: "str | Moment | None") -> Reaction | None:
        """None: this person has waited long enough."""
        self._silences = self._silences + 1 if chance is None else 0
        if self._silences > self.persona.nudges:
            return None
        if chance is None:
            reaction = self.mind.nudge(self._silences)
        elif isinstance(chance, Moment) and chance.act == "interrupt":
            reaction = self.mind.interrupt()
        else:
            heard = "" if isinstance(chance, Moment) else chance
            reaction = self.mind.react(heard, keys=line.take_keys(), talked_seconds=line.talked_seconds)
        self._attend(line, until_the_end=reaction.then != "listen")
        return reaction

    async def _act(self, line: PhoneLine, reaction: Reaction) -> bool:
        """True when this person hangs up now."""
        await line.pace.sleep(reaction.wait_seconds)
        await self._press(line, reaction.press)
        if reaction.say:
            recognised = garble(reaction.say, self.persona.garbles, self.mind.dice("noise"))
            await line.person_says(reaction.say, self.voice, recognised=recognised, breathes=True)
        if not reaction.say and not reaction.press and reaction.then != "hang-up":
            line.go_on(cut_in=False)
        if reaction.then == "leave":
            await self._listen(line)
            await asyncio.sleep(line.pace.wait_seconds(LEAVE_AFTER_SECONDS, at_least=LEAVE_AFTER_WALL_SECONDS))
        return reaction.then != "listen"

    async def _press(self, line: PhoneLine, keys: str) -> None:
        for place, key in enumerate(keys):
            if key in KEY_PAUSE_SECONDS:
                await line.pace.sleep(KEY_PAUSE_SECONDS[key])
            else:
                await line.pace.sleep(KEY_SECONDS if place else 0.0)
                line.press_key(key)

    async def _wait_for_listener(self, line: PhoneLine) -> None:
        """People take a breath; nobody speaks into the gap between two verbs."""
        patience = line.pace.wait_seconds(WAIT_FOR_LISTENER_SECONDS, at_least=WAIT_FOR_LISTENER_WALL_SECONDS)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and line.sounds_playing == 0:
            if line.listener and line.listener.hears_speech:
                return
            await line.wait_for_change(deadline - time.monotonic())

    async def _listen(self, line: PhoneLine) -> str | Moment | None:
        """What was said, once it is this person's turn ("": only keys); the moment to cut in; None: nobody speaks."""
        thinking = self.mind.dice("thinking").uniform(*self.persona.thinking_seconds)
        silent_since = time.monotonic()
        while True:
            if line.is_at_cue and self._moments:
                if self._moments[0].act != "murmur":
                    line.take_heard()
                    return self._moments.pop(0)
                self._murmur(line)
            quiet = time.monotonic() - max(line.last_sound_at, silent_since)
            needed = self._needed_quiet(line, thinking)
            if line.sounds_playing == 0 and quiet >= needed:
                await self._wait_for_listener(line)
                if line.sounds_playing == 0 and self._is_quiet(line, silent_since, thinking):
                    return line.take_heard() or ("" if self._heard_keys(line) else None)
            left = max(0.001, needed - quiet)
            await line.wait_for_change(left if line.sounds_playing == 0 else STALLED_WALL_SECONDS)

    def _is_quiet(self, line: PhoneLine, silent_since: float, thinking: float) -> bool:
        """Whoever listens now may have more to say first: the question that follows an introduction."""
        quiet = time.monotonic() - max(line.last_sound_at, silent_since)
        return quiet >= self._needed_quiet(line, thinking)

    def _heard_keys(self, line: PhoneLine) -> bool:
        return self._minds_keys and bool(line.keys_heard)

    def _murmur(self, line: PhoneLine) -> None:
        self._moments.pop(0)
        self._wait_for_moment(line)
        words = self.mind.murmur(f"murmur {len(self._moments)}")
        self._murmuring = asyncio.create_task(line.person_murmurs(words, self.voice))

    def _is_left_hanging(self, line: PhoneLine) -> bool:
        """A sign of attention has silenced the assistant: whoever gave it meant to hear the rest."""
        return self._murmuring is not None and bool(line.heard) and not line.heard[-1].rstrip().endswith(ENDS)

    def _needed_quiet(self, line: PhoneLine, thinking: float) -> float:
        """A pause after the last word; longer when more is announced; patience when nothing was said."""
        if not line.heard and not self._heard_keys(line):
            return line.pace.wait_seconds(self.persona.patience_seconds, at_least=PATIENCE_WALL_SECONDS)
        if line.floor_is_taken or self._is_left_hanging(line):
            return line.pace.wait_seconds(STALLED_SECONDS, at_least=STALLED_WALL_SECONDS)
        wall_seconds = min(QUIET_WALL_SECONDS, LONGEST_QUIET_SECONDS / line.pace.speed)
        return line.pace.wait_seconds(self.persona.pause_seconds + thinking, at_least=wall_seconds)

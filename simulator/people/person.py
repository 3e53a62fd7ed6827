"""A person with a telephone at the ear: picks up, listens, answers, interrupts, hangs up."""

import asyncio
import random
import time
from dataclasses import dataclass

from simulator.handset.phone_line import PhoneLine
from simulator.handset.tape import Sound
from simulator.people.mind import Mind, Reaction
from simulator.people.persona import Persona
from simulator.sound.speech import Voice, choose_voice
from simulator.sound.tones import tone

PAUSE_SECONDS = 0.7
STALLED_SECONDS, STALLED_WALL_SECONDS = 4.0, 2.0
PATIENCE_SECONDS, PATIENCE_WALL_SECONDS = 7.0, 4.0
WAIT_FOR_LISTENER_SECONDS, WAIT_FOR_LISTENER_WALL_SECONDS = 3.0, 2.0
SILENT_PERSON_STAYS_SECONDS, SILENT_PERSON_STAYS_WALL_SECONDS = 60.0, 25.0
LEAVE_AFTER_SECONDS = 2.5
MACHINE_RECORDS_SECONDS, MACHINE_RECORDS_WALL_SECONDS = 60.0, 10.0
BEEP_SECONDS, BEEP_HERTZ = 0.5, 1000
NUDGES = 2


@dataclass
class Person:
    persona: Persona
    number: str
    attempt: int
    dice: random.Random

    def __post_init__(self) -> None:
        self.mind = Mind(self.persona, self.attempt, self.dice)
        self.voice: Voice = choose_voice(f"person {self.number}", self.persona.language)
        low, high = self.persona.ring_seconds
        self.ring_seconds = self.dice.uniform(low, high)
        self.pick_up_words = self._machine_greeting() if self.persona.is_machine else self.mind.pick_up()

    def _machine_greeting(self) -> str:
        digits = " ".join(self.number[-9:])
        return self.mind.pick_up().replace("{number}", digits)

    async def live(self, line: PhoneLine) -> None:
        """From the answer until this person hangs up."""
        if self.persona.is_machine:
            await self._answer_by_machine(line)
        else:
            await self._converse(line)
        line.end("person")

    async def _answer_by_machine(self, line: PhoneLine) -> None:
        await line.person_says(self.pick_up_words, self.voice)
        line.tape.add(Sound("person", line.now(), BEEP_SECONDS, pcm=tone(BEEP_SECONDS, BEEP_HERTZ)))
        patience = line.pace.wait_seconds(MACHINE_RECORDS_SECONDS, at_least=MACHINE_RECORDS_WALL_SECONDS)
        await asyncio.sleep(patience)

    async def _converse(self, line: PhoneLine) -> None:
        await self._pick_up(line)
        if self.persona.is_silent:
            patience = line.pace.wait_seconds(SILENT_PERSON_STAYS_SECONDS, at_least=SILENT_PERSON_STAYS_WALL_SECONDS)
            await asyncio.sleep(patience)
            return
        nudges_left = NUDGES
        while True:
            heard = await self._listen(line)
            if heard is None and not nudges_left:
                return
            nudges_left = nudges_left - 1 if heard is None else NUDGES
            reaction = Reaction(self.mind.nudge()) if heard is None else self.mind.react(heard)
            if await self._act(line, reaction):
                return

    async def _pick_up(self, line: PhoneLine) -> None:
        """A greeting interrupts nobody; it is recognised only by an application that waits for it in silence."""
        await line.pace.sleep(self.dice.uniform(0.2, 0.6))
        if not self.pick_up_words:
            return
        await line.person_sounds(self.pick_up_words, self.voice)
        await self._wait_for_listener(line)
        if line.sounds_playing == 0 and not line.floor_is_taken:
            line.recognise(self.pick_up_words)

    async def _act(self, line: PhoneLine, reaction: Reaction) -> bool:
        """True when this person hangs up now."""
        if reaction.press:
            line.press_key(reaction.press)
        if reaction.say:
            await line.person_says(reaction.say, self.voice)
        if reaction.then == "leave":
            await self._listen(line)
            await line.pace.sleep(LEAVE_AFTER_SECONDS)
        return reaction.then != "listen"

    async def _wait_for_listener(self, line: PhoneLine) -> None:
        """People take a breath; nobody speaks into the gap between two verbs."""
        patience = line.pace.wait_seconds(WAIT_FOR_LISTENER_SECONDS, at_least=WAIT_FOR_LISTENER_WALL_SECONDS)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and line.sounds_playing == 0:
            if line.listener and line.listener.hears_speech:
                return
            await line.wait_for_change(deadline - time.monotonic())

    async def _listen(self, line: PhoneLine) -> str | None:
        """What was said, once it is this person's turn; "" to interrupt it; None when nobody speaks."""
        thinking = self.dice.uniform(*self.persona.thinking_seconds)
        silent_since = time.monotonic()
        while True:
            if self._wants_to_interrupt(line):
                line.take_heard()
                return ""
            quiet = time.monotonic() - max(line.last_sound_at, silent_since)
            needed = self._needed_quiet(line, thinking)
            if line.sounds_playing == 0 and quiet >= needed:
                await self._wait_for_listener(line)
                if line.sounds_playing == 0:
                    return line.take_heard() or None
            await line.wait_for_change(self._longest_wait(line, needed - quiet))

    def _needed_quiet(self, line: PhoneLine, thinking: float) -> float:
        """A pause after the last word; longer when more is announced; patience when nothing was said."""
        if not line.heard:
            return line.pace.wait_seconds(PATIENCE_SECONDS, at_least=PATIENCE_WALL_SECONDS)
        if line.floor_is_taken:
            return line.pace.wait_seconds(STALLED_SECONDS, at_least=STALLED_WALL_SECONDS)
        return line.pace.wait_seconds(PAUSE_SECONDS + thinking)

    def _longest_wait(self, line: PhoneLine, quiet_missing: float) -> float:
        step = self.mind.next_step()
        if step and step.barge_in_after is not None and line.assistant_started_at is not None:
            left = step.barge_in_after - (line.now() - line.assistant_started_at)
            return max(0.001, line.pace.wait_seconds(left))
        return max(0.001, quiet_missing) if line.sounds_playing == 0 else STALLED_WALL_SECONDS

    def _wants_to_interrupt(self, line: PhoneLine) -> bool:
        step = self.mind.next_step()
        if step is None or step.barge_in_after is None or line.assistant_started_at is None:
            return False
        return line.floor_is_taken and line.now() - line.assistant_started_at >= step.barge_in_after

"""Two people on two lines who hear each other."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from simulator.handset.phone_line import PhoneLine
from simulator.handset.tape import Sound
from simulator.network import Network
from simulator.twilio.call_record import TranscriptLine


class Ear:
    """Hears one person, and plays it on the other's line, where it is what comes out of the receiver.

    name: who speaks, in the transcript of the other's call.
    """

    hears_speech = True

    def __init__(self, network: Network, person: PhoneLine, other: PhoneLine, name: str) -> None:
        self._network, self._person, self._other, self._name = network, person, other, name
        self.star = asyncio.Event()
        self._passing: set[asyncio.Task[None]] = set()

    def sound_began(self, sound: Sound) -> None:
        task = self._network.start_task(self._pass_on(sound))
        self._passing.add(task)
        task.add_done_callback(self._passing.discard)

    async def _pass_on(self, sound: Sound) -> None:
        if sound.voice is None:
            await self._other.assistant_plays(sound.pcm, sound.text, sound.seconds)
            return
        line = TranscriptLine(self._name, "", round(self._other.now(), 2))
        self._other.call.transcript.append(line)
        await self._other.assistant_says(sound.text, sound.voice, line)

    def speech_started(self) -> None:
        """The sound itself is what is passed on."""

    def speech_ended(self, words: str) -> None:
        """Nobody recognises what people say to each other."""

    def key_pressed(self, digit: str) -> None:
        if digit == "*":
            self.star.set()
        self._network.start_task(self._other.assistant_presses(digit))

    def close(self) -> None:
        """What is being said is not heard any further."""
        for task in list(self._passing):
            task.cancel()


@contextmanager
def bridged(network: Network, caller: PhoneLine, callee: PhoneLine) -> Iterator[Ear]:
    """Yields the ear of the caller, who may end it with the star key."""
    ears = {caller: Ear(network, caller, callee, "caller"), callee: Ear(network, callee, caller, "callee")}
    for line, ear in ears.items():
        line.start_listening(ear)
    try:
        yield ears[caller]
    finally:
        for line, ear in ears.items():
            line.stop_listening(ear)
            ear.close()

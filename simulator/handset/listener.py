"""What may listen to the person on a line."""

from typing import Protocol, runtime_checkable

from simulator.handset.tape import Sound


class Listener(Protocol):
    """What recognises the person's speech and keys at the moment."""

    hears_speech: bool

    def speech_started(self) -> None: ...

    def speech_ended(self, words: str) -> None: ...

    def key_pressed(self, digit: str) -> None: ...


@runtime_checkable
class HearsMurmurs(Protocol):
    """A listener that wants to know of "ajá" and "mm-hm" too; others are not told."""

    def murmured(self, words: str) -> None: ...


@runtime_checkable
class HearsSounds(Protocol):
    """A listener that follows the person's sounds while they last, told of at their beginning; keys are told apart."""

    def sound_began(self, sound: Sound) -> None: ...

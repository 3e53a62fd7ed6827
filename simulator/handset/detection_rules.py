"""What the first sounds of a call say of who has picked up."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.handset.tape import Sound
from simulator.twilio.call_request import CallRequest

ANALYSIS_SECONDS = 1.0
SHORTEST_VERDICT_SECONDS = 2.0
LONGEST_BEEP_SECONDS = 1.5
BEEP_NOTICED_SECONDS = 0.4
QUIET_AFTER_GREETING_SECONDS = 2.0
"""Silence that ends a greeting without a beep: not documented."""
TALKS_ON = ("announcement", "ivr", "screening", "voicemail-full")
"""Machines whose greeting ends otherwise than by waiting for a message."""


@dataclass(frozen=True)
class Verdict:
    answered_by: str
    after_seconds: float

    def fields(self) -> dict[str, str]:
        return {
            "AnsweredBy": self.answered_by,
            "MachineDetectionDuration": str(int(self.after_seconds * 1000)),
        }


@dataclass(frozen=True)
class Utterance:
    starts_at: float
    ends_at: float

    @property
    def seconds(self) -> float:
        return self.ends_at - self.starts_at


def judge(sounds: Iterable[Sound], request: CallRequest, *, kind: str, may_be_silent: bool) -> Verdict | None:
    """The verdict so far, which more sound before its moment may change; None while nothing has been heard.

    may_be_silent: otherwise a late first word is the delay of a busy process, not a silence.
    """
    heard = [sound for sound in sounds if sound.speaker == "person" and not is_cutting_in(sound, kind)]
    if not heard:
        return Verdict("unknown", request.silence_timeout_ms / 1000) if may_be_silent else None
    if is_tone(heard[0]) and heard[0].seconds > LONGEST_BEEP_SECONDS:
        return Verdict("fax", max(SHORTEST_VERDICT_SECONDS, heard[0].starts_at + LONGEST_BEEP_SECONDS))
    greeting = first_utterance(heard, gap=request.speech_end_threshold_ms / 1000)
    if greeting.seconds <= request.speech_threshold_ms / 1000:
        after = greeting.ends_at + request.speech_end_threshold_ms / 1000
        return Verdict("human", max(SHORTEST_VERDICT_SECONDS, after))
    if request.detection == "DetectMessageEnd":
        return judge_end(heard, kind)
    evidence = greeting.starts_at + request.speech_threshold_ms / 1000
    return Verdict("machine_start", max(SHORTEST_VERDICT_SECONDS, evidence + ANALYSIS_SECONDS))


def judge_end(heard: list[Sound], kind: str) -> Verdict:
    greeting = first_utterance([sound for sound in heard if not is_tone(sound)], gap=QUIET_AFTER_GREETING_SECONDS)
    beep = next((sound for sound in heard if is_tone(sound) and sound.starts_at >= greeting.starts_at), None)
    if beep is not None:
        return Verdict("machine_end_beep", beep.starts_at + beep.seconds + BEEP_NOTICED_SECONDS)
    ending = "machine_end_other" if kind in TALKS_ON else "machine_end_silence"
    return Verdict(ending, greeting.ends_at + QUIET_AFTER_GREETING_SECONDS)


def first_utterance(sounds: list[Sound], *, gap: float) -> Utterance:
    """Until a silence longer than the gap."""
    starts_at, ends_at = sounds[0].starts_at, sounds[0].starts_at + sounds[0].seconds
    for sound in sounds[1:]:
        if sound.starts_at - ends_at > gap:
            break
        ends_at = max(ends_at, sound.starts_at + sound.seconds)
    return Utterance(starts_at, ends_at)


def is_cutting_in(sound: Sound, kind: str) -> bool:
    """Words into the assistant's own are no greeting: how soon after it they fall is the application's doing."""
    return not kind and sound.is_reaction and sound.is_interruption


def is_tone(sound: Sound) -> bool:
    return not sound.text and bool(sound.pcm)

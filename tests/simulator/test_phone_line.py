import asyncio
from itertools import pairwise

import pytest

from simulator.handset.phone_line import PhoneLine
from simulator.pace import Pace
from simulator.sound.speech import choose_voice
from simulator.twilio.call_record import CallRecord

SPEED = 20.0
VOICE = choose_voice("somebody", "es-ES")


def make_line() -> PhoneLine:
    call = CallRecord("AC1", "+34600000001", "+34910000000", "cooperative", 1)
    return PhoneLine(call, Pace(SPEED))


def lines_of(line: PhoneLine) -> list[tuple[str, str]]:
    return [(entry.speaker, entry.text) for entry in line.call.transcript]


@pytest.mark.parametrize("digits", ["1", "9w1#", "*W0D", "123 456"])
def test_keys_of_the_application_are_heard_and_written_down(digits: str):
    async def press() -> PhoneLine:
        line = make_line()
        await line.assistant_presses(digits)
        return line

    line = asyncio.run(press())
    keys = [key for key in digits if key not in "wW "]
    assert lines_of(line) == [("assistant", f"[{key}]") for key in keys]
    assert line.take_keys() == "".join(keys)
    assert line.take_keys() == ""


def test_pauses_between_keys_last_half_a_second_or_a_whole_one():
    async def press() -> PhoneLine:
        line = make_line()
        await line.assistant_presses("1w2W3")
        return line

    sounds = asyncio.run(press()).tape.sounds
    gaps = [later.starts_at - before.starts_at - before.seconds for before, later in pairwise(sounds)]
    assert 0.5 <= gaps[0] < gaps[1]
    assert gaps[1] >= 1.0
    assert {len(sound.pcm) for sound in sounds} == {4000}
    assert len({sound.pcm for sound in sounds}) == 3


def test_tones_interrupt_no_one_and_are_not_words():
    async def press() -> PhoneLine:
        line = make_line()
        await line.assistant_presses("1")
        return line

    assert asyncio.run(press()).take_heard() == ""


def test_the_transcript_tells_who_began_while_the_other_was_speaking():
    async def talk() -> PhoneLine:
        line = make_line()
        speaking = asyncio.create_task(line.assistant_says("Buenos días, le llamo de la clínica del Olmo.", VOICE))
        await line.pace.sleep(0.5)
        await line.person_says("¿Diga?", VOICE)
        await speaking
        await line.person_says("Sí, soy yo", VOICE)
        return line

    line = asyncio.run(talk())
    assert [(entry.speaker, entry.is_interruption) for entry in line.call.transcript] == [
        ("assistant", False), ("person", True), ("person", False),
    ]  # fmt: skip

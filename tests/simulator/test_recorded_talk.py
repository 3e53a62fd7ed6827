"""What a recording holds is what was said, each on its side and in its time."""

import io
import wave
from itertools import cycle
from typing import Any

import numpy
import pytest
import requests
from aiohttp import web

from simulator.handset.phone_line import BREATH_SECONDS, SENTENCE_END, speech_seconds
from tests.simulator.application import say
from tests.simulator.calling import Caller

START = '<Start><Recording channels="dual" recordingStatusCallback="/recorded"/></Start>'
SENTENCES = (
    "Le llamo de la clínica para confirmar la cita del martes que viene, si le parece bien.",
    "La consulta está en la calle Mayor, en el número cinco, enfrente de la farmacia.",
    "¿Quiere que le mande los detalles por correo, como la última vez que vino?",
)
WINDOW = 0.05
LATE = 1.5
"""Natural seconds by which a busy machine may delay somebody at ten times the speed of life."""
LISTENERS = ["cooperative", "curious", "not-interested", "hesitant", "gives-numbers", "mexican-cooperative"]
INTERRUPTERS = ["interrupter", "interrupts-often"]
MACHINES = ["voicemail", "company-menu"]
"""They do not listen: whether both speak at once is the assistant's affair."""


@pytest.fixture
def talking(caller: Caller) -> Caller:
    sentences = cycle(SENTENCES)

    async def talk(socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        if frame["type"] == "prompt" and frame["last"]:
            await say(socket, *(f"{word} " for word in next(sentences).split()))

    caller.application.talk = talk
    return caller


def sides(caller: Caller) -> tuple[numpy.ndarray, numpy.ndarray, int]:
    """Whether the person and the assistant sound, window by window, and the length that was announced."""
    form = caller.application.wait_for_hit("/recorded").form
    auth = (caller.simulator.account_sid, caller.simulator.auth_token)
    body = requests.get(f"{form['RecordingUrl']}.wav", auth=auth, timeout=60).content
    with wave.open(io.BytesIO(body)) as file:
        samples = numpy.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    size = int(WINDOW * 8000)
    windows = samples[: len(samples) // size * size].reshape(-1, size, 2)
    loud = numpy.abs(windows.astype(int)).max(axis=1) > 300
    return loud[:, 0], loud[:, 1], int(form["RecordingDuration"])


def spans(call: dict[str, Any], speaker: str) -> list[tuple[float, float]]:
    """When each line may have been spoken: at the slowest eight characters a second."""
    return [(line["at"] - LATE, line["at"] + len(line["text"]) / 8 + LATE) for line in lines_of(call, speaker)]


def lines_of(call: dict[str, Any], speaker: str) -> list[dict[str, Any]]:
    return [line for line in call["transcript"] if line["speaker"] == speaker and not line["text"].startswith("[")]


def marked_overlaps(call: dict[str, Any]) -> list[tuple[float, float]]:
    """The person's lines that the assistant begins to speak over, and a "¿Diga?" that falls into its first words.

    As on any line: neither waits for the other when the call is picked up, and no recogniser is told.
    """
    begun = [line["at"] for line in lines_of(call, "assistant") if line["is_interruption"]]
    person = lines_of(call, "person")
    spoken = [(line, line["at"], line["at"] + spoken_seconds(line["text"])) for line in person]
    return [
        (begins, ends)
        for line, begins, ends in spoken
        if any(begins <= at <= ends for at in begun) or (line is person[0] and line["is_interruption"])
    ]


def spoken_seconds(text: str) -> float:
    sentences = SENTENCE_END.split(text)
    return sum(map(speech_seconds, sentences)) + BREATH_SECONDS * (len(sentences) - 1)


def overlap(person: numpy.ndarray, assistant: numpy.ndarray, allowed: list[tuple[float, float]]) -> float:
    both = person & assistant
    for begins, ends in allowed:
        within(both, begins, ends + WINDOW)[:] = False
    return float(both.sum() * WINDOW)


def within(loud: numpy.ndarray, begins: float, ends: float) -> numpy.ndarray:
    return loud[max(0, int(begins / WINDOW)) : max(0, int(ends / WINDOW))]


@pytest.mark.parametrize("persona", LISTENERS + INTERRUPTERS + MACHINES)
def test_both_sides_sound_when_they_spoke_and_over_each_other_only_if_they_did(talking: Caller, persona: str):
    greeting = 'welcomeGreeting="Buenos días, soy el asistente virtual de la clínica Norte y le llamo por su cita."'
    call = talking.call_to_the_end(persona, START + talking.relay(attributes=greeting), time_limit=40)
    person, assistant, announced = sides(talking)
    assert abs(len(person) * WINDOW - announced) <= 1
    assert abs(announced - call["duration_seconds"]) <= LATE
    assert_sound_fits(person, spans(call, "person"))
    assert_sound_fits(assistant, spans(call, "assistant"))
    if persona not in MACHINES:
        interruptions = len(talking.application.frames_of("interrupt"))
        assert (interruptions > 0) == (persona in INTERRUPTERS)
        assert overlap(person, assistant, marked_overlaps(call)) <= 0.2 + interruptions


def assert_sound_fits(loud: numpy.ndarray, said: list[tuple[float, float]]) -> None:
    """Something in each line's time, and nothing outside but the half second of a machine's beep."""
    assert said
    assert all(within(loud, *span).any() for span in said)
    outside = loud.copy()
    for begins, ends in said:
        within(outside, begins, ends)[:] = False
    assert outside.sum() * WINDOW <= 0.6


def test_a_barge_in_into_gathered_speech_cuts_the_sound_as_well(caller: Caller):
    caller.application.documents["/heard"] = "<Response/>"
    words = " ".join(SENTENCES * 3)
    prompt = f'<Gather input="speech" action="/heard"><Say language="es-ES">{words}</Say></Gather>'
    call = caller.call_to_the_end("interrupter", START + prompt)
    person, assistant, _ = sides(caller)
    begun = next(line["at"] for line in call["transcript"] if line["speaker"] == "person" and line["at"] > 1)
    assert (person & assistant).sum() * WINDOW <= 1
    assert not within(assistant, begun + LATE, len(assistant) * WINDOW).any()


def test_who_speaks_over_whom_when_the_call_is_picked_up_is_marked(caller: Caller):
    """At once, while the person says "¿Quién es? Hable más alto"."""
    words = " ".join(SENTENCES)
    call = caller.call_to_the_end("half-deaf", f'{START}<Say language="es-ES">{words}</Say>')
    person, assistant, _ = sides(caller)
    allowed = marked_overlaps(call)
    assert len(allowed) == 1
    assert overlap(person, assistant, []) > 0.3
    assert overlap(person, assistant, allowed) <= 0.1

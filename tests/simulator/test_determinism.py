"""Two runs with one seed give the same calls, words and outcomes; order and rate of dialling change nothing."""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from simulator.faults import Faults
from simulator.options import PERSONAS_FOLDER
from simulator.people.persona_file import read_personas
from tests.simulator.application import Application
from tests.simulator.calling import FINAL, FROM, make_client
from tests.simulator.interviewer import Interviewer
from tests.simulator.server import SimulatorHandle, running_simulator, wait_until

PERSONAS = read_personas(PERSONAS_FOLDER)
EVERYBODY = tuple(PERSONAS)
SOME = (
    "busy",
    "callback-later",
    "company-menu",
    "cooperative",
    "curious",
    "english-cooperative",
    "half-deaf",
    "interrupter",
    "mexican-callback",
    "opt-out",
    "robot-doubter",
    "talkative",
    "voicemail",
)
AGAIN = {"busy", "no-answer", "hurried-callback", "callback-later", "mexican-callback", "opt-out"}
DURATION_TOLERANCE_SECONDS = 15.0
Results = dict[tuple[str, int], dict[str, Any]]


@dataclass(frozen=True)
class Runs:
    """`second` called the same numbers the other way round and at another rate, `other` with another seed."""

    numbers: dict[str, str]
    first: Results
    second: Results
    other: Results


@pytest.fixture(scope="module")
def interviewed(shared_application: Application) -> Iterator[Application]:
    shared_application.reset()
    Interviewer(shared_application).install()
    yield shared_application
    shared_application.reset()


@pytest.fixture(
    scope="module",
    params=[pytest.param(SOME, id="some"), pytest.param(EVERYBODY, id="everybody", marks=pytest.mark.soak)],
)
def runs(interviewed: Application, request: pytest.FixtureRequest) -> Runs:
    numbers = {f"+3469{place:07d}": name for place, name in enumerate(EVERYBODY) if name in request.param}
    backwards = dict(reversed(numbers.items()))
    talkers = {number: name for number, name in numbers.items() if name in ("cooperative", "talkative", "curious")}
    with ThreadPoolExecutor() as pool:
        first = pool.submit(call_everybody, interviewed, numbers, seed=7, calls_per_second=0.5)
        second = pool.submit(call_everybody, interviewed, backwards, seed=7, calls_per_second=0.35)
        other = pool.submit(call_everybody, interviewed, talkers, seed=8)
    return Runs(numbers, first.result(), second.result(), other.result())


def call_everybody(application: Application, numbers: dict[str, str], **options: Any) -> Results:
    with running_simulator(speed=10, **options) as simulator:
        for number, persona in numbers.items():
            simulator.pin(number, persona)
        place_calls(simulator, application, numbers)
        place_calls(simulator, application, [number for number, persona in numbers.items() if persona in AGAIN])
        return {(call["to"], call["attempt"]): call for call in simulator.calls()}


def place_calls(simulator: SimulatorHandle, application: Application, numbers: Collection[str]) -> None:
    client = make_client(simulator)
    settings: dict[str, Any] = {"machine_detection": "Enable", "async_amd": "true"}
    sids = [
        str(client.calls.create(to=number, from_=FROM, url=f"{application.base_url}/voice", **settings).sid)
        for number in numbers
    ]
    wait_until(lambda: all(simulator.call(sid)["status"] in FINAL for sid in sids), seconds=240)
    application.ended.update(sids)


def words_of(call: dict[str, Any]) -> list[tuple[str, str]]:
    """The assistant's, then the person's: who begins at the pick-up depends on how soon the application answers."""
    lines = [(line["speaker"], line["text"]) for line in call["transcript"]]
    return sorted(lines, key=lambda line: line[0])


def facts_of(call: dict[str, Any]) -> tuple[Any, ...]:
    return call["persona"], call["status"], call["answered_by"], call["ended_by"], words_of(call)


def assert_same_call(call: dict[str, Any], other: dict[str, Any]) -> None:
    """In which place a menu hears what is said to it depends on how soon the application speaks."""
    persona = PERSONAS[call["persona"]]
    if persona.menu:
        assert (call["persona"], call["status"]) == (other["persona"], other["status"])
    elif persona.is_machine:
        assert_same_but_for_the_cuts(words_of(call), words_of(other))
        assert facts_of(call)[:-1] == facts_of(other)[:-1]
    else:
        assert facts_of(call) == facts_of(other)


def assert_same_but_for_the_cuts(words: list[tuple[str, str]], others: list[tuple[str, str]]) -> None:
    """A machine speaks by its own clock: how far the application has come when it is cut depends on its own haste."""
    assert [speaker for speaker, _ in words] == [speaker for speaker, _ in others]
    for (speaker, one), (_, other) in zip(words, others, strict=True):
        assert one == other or (speaker == "assistant" and (one.startswith(other) or other.startswith(one)))


def test_everybody_was_called_and_most_of_them_spoke(runs: Runs):
    called_again = [name for name in runs.numbers.values() if name in AGAIN]
    assert {call["persona"] for call in runs.first.values()} >= set(runs.numbers.values())
    assert len(runs.first) == len(runs.numbers) + len(called_again)
    assert sum(len(words_of(call)) > 4 for call in runs.first.values()) > len(runs.numbers) / 3


def test_one_seed_gives_the_same_calls_and_words(runs: Runs):
    assert runs.first.keys() == runs.second.keys()
    for key, call in runs.first.items():
        assert_same_call(call, runs.second[key])


def test_one_seed_gives_calls_of_about_the_same_length(runs: Runs):
    for key, call in runs.first.items():
        durations = call["duration_seconds"] or 0, runs.second[key]["duration_seconds"] or 0
        assert abs(durations[0] - durations[1]) <= DURATION_TOLERANCE_SECONDS + 0.2 * max(durations), call["persona"]


def test_another_seed_gives_other_words(runs: Runs):
    assert len(runs.other) == 3
    assert all(words_of(runs.first[key]) != words_of(call) for key, call in runs.other.items())


def test_a_fault_with_a_share_strikes_the_same_calls_in_any_order():
    def struck(numbers: list[str]) -> set[tuple[str, int]]:
        faults = Faults(seed=7)
        faults.update({"speech_status": {"value": 500, "share": 0.3}})
        return {
            (number, turn) for turn in range(4) for number in numbers if faults.strikes("speech_status", number=number)
        }

    numbers = [f"+3469{place:07d}" for place in range(75)]
    assert struck(numbers) == struck(numbers[::-1])
    assert 0.2 < len(struck(numbers)) / (4 * len(numbers)) < 0.4

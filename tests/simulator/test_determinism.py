"""Two runs with one seed give the same calls, words and outcomes; order and rate of dialling change nothing."""

from collections.abc import Iterator
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
NUMBERS = {f"+3469{place:07d}": name for place, name in enumerate(PERSONAS)}
AGAIN = {"busy", "no-answer", "hurried-callback", "callback-later", "mexican-callback", "opt-out"}
DURATION_TOLERANCE_SECONDS = 15.0
Results = dict[tuple[str, int], dict[str, Any]]


@pytest.fixture(scope="module")
def interviewed(shared_application: Application) -> Iterator[Application]:
    shared_application.reset()
    Interviewer(shared_application).install()
    yield shared_application
    shared_application.reset()


def call_everybody(application: Application, numbers: dict[str, str], **options: Any) -> Results:
    with running_simulator(speed=10, **options) as simulator:
        for number, persona in numbers.items():
            simulator.pin(number, persona)
        place_calls(simulator, application, list(numbers))
        place_calls(simulator, application, [number for number, persona in numbers.items() if persona in AGAIN])
        return {(call["to"], call["attempt"]): call for call in simulator.calls()}


def place_calls(simulator: SimulatorHandle, application: Application, numbers: list[str]) -> None:
    client = make_client(simulator)
    settings: dict[str, Any] = {"machine_detection": "Enable", "async_amd": "true"}
    sids = [
        str(client.calls.create(to=number, from_=FROM, url=f"{application.base_url}/voice", **settings).sid)
        for number in numbers
    ]
    wait_until(lambda: all(simulator.call(sid)["status"] in FINAL for sid in sids), seconds=240)
    application.ended.update(sids)


def words_of(call: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line["speaker"], line["text"]) for line in call["transcript"]]


def facts_of(call: dict[str, Any]) -> tuple[Any, ...]:
    return call["persona"], call["status"], call["answered_by"], call["ended_by"], words_of(call)


@pytest.fixture(scope="module")
def first(interviewed: Application) -> Results:
    return call_everybody(interviewed, NUMBERS, seed=7, calls_per_second=0.5)


@pytest.fixture(scope="module")
def second(interviewed: Application, first: Results) -> Results:
    """The same numbers, the other way round and at another rate."""
    return call_everybody(interviewed, dict(reversed(NUMBERS.items())), seed=7, calls_per_second=0.35)


def test_everybody_was_called_and_somebody_spoke(first: Results):
    assert {call["persona"] for call in first.values()} >= set(PERSONAS)
    assert len(first) == len(NUMBERS) + len(AGAIN)
    assert sum(len(words_of(call)) > 4 for call in first.values()) > 30


@pytest.mark.parametrize("number", NUMBERS, ids=list(NUMBERS.values()))
def test_one_seed_gives_the_same_calls_and_words(first: Results, second: Results, number: str):
    calls = [call for call in first.values() if call["to"] == number]
    for call in calls:
        other = second[number, call["attempt"]]
        assert facts_of(call) == facts_of(other)
        durations = call["duration_seconds"] or 0, other["duration_seconds"] or 0
        assert abs(durations[0] - durations[1]) <= DURATION_TOLERANCE_SECONDS + 0.2 * max(durations)


def test_another_seed_gives_other_words(interviewed: Application, first: Results):
    some = {
        number: persona for number, persona in NUMBERS.items() if persona in ("cooperative", "talkative", "curious")
    }
    other = call_everybody(interviewed, some, seed=8)
    assert all(words_of(first[key]) != words_of(call) for key, call in other.items())


def test_a_fault_with_a_share_strikes_the_same_calls_in_any_order():
    def struck(numbers: list[str]) -> set[tuple[str, int]]:
        faults = Faults(seed=7)
        faults.update({"speech_status": {"value": 500, "share": 0.3}})
        return {
            (number, turn) for turn in range(4) for number in numbers if faults.strikes("speech_status", number=number)
        }

    numbers = list(NUMBERS)
    assert struck(numbers) == struck(numbers[::-1])
    assert 0.2 < len(struck(numbers)) / (4 * len(numbers)) < 0.4

"""Ten processes are killed while thirty calls are in flight; afterwards every record must agree."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from callcenter import clock
from calls.judge import Case, judge_dialing
from calls.models import TERMINAL, Call
from campaigns.models import Campaign, CampaignStatus
from campaigns.services import start_campaign
from tests.factories import make_contact, make_list
from tests.machine import Machine, running_machine
from tests.practice import make_practice_campaign
from tests.soak.transcripts import invented_words, unrecorded_words

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1500)]

KILLS = (
    ("turns", "worker"),
    ("dialing", "worker"),
    ("web", "worker"),
    ("sockets", "worker"),
    ("dialer", "main"),
    ("turns", "main"),
    ("dialing", "main"),
    ("web", "main"),
    ("sockets", "main"),
    ("worker", "main"),
)
CONTACTS = 160
CALLS_AT_ONCE = 30
SECONDS_BETWEEN_KILLS = 4
TO_THE_END_SECONDS = 900


@dataclass
class Figures:
    """The table that is printed; every figure but the first two must be zero."""

    calls: int
    at_carrier: int
    dialled_twice: int
    without_end: int
    unknown_here: int
    unknown_there: int
    ended_differently: int
    heard_but_not_recorded: int
    recorded_but_not_said: int
    violations: int

    def faults(self) -> dict[str, int]:
        return {name: count for name, count in vars(self).items() if count and name not in ("calls", "at_carrier")}


@pytest.fixture
def machine(settings, tmp_path) -> Iterator[Machine]:
    with running_machine(tmp_path, speed=4, turn_workers=6, dialing_workers=3, web_processes=2) as running:
        yield running


def test_ten_killed_processes_leave_every_record_agreeing(machine, capsys):
    campaign = started_campaign()
    kills = [kill(machine, campaign, *victim) for victim in KILLS]
    machine.wait(lambda: is_finished(campaign), seconds=TO_THE_END_SECONDS, what="the campaign finished")
    figures = compare(machine, campaign)
    with capsys.disabled():
        print_tables(kills, figures)
    assert figures.faults() == {}


def started_campaign() -> Campaign:
    people = make_list(*(make_contact(basis="practice") for _ in range(CONTACTS)))
    campaign = make_practice_campaign(lists=[people], max_concurrent_calls=CALLS_AT_ONCE)
    return start_campaign(campaign=campaign, user=None)


def in_flight(campaign: Campaign) -> int:
    return Call.objects.in_flight().filter(campaign=campaign).count()


def is_finished(campaign: Campaign) -> bool:
    campaign.refresh_from_db(fields=["status"])
    return campaign.status == CampaignStatus.FINISHED and not in_flight(campaign)


def kill(machine: Machine, campaign: Campaign, program: str, part: str) -> tuple[str, str, int, float]:
    """Kill one process once the lines are busy: who it was, calls in flight then, seconds until it was back."""
    earliest = time.monotonic() + SECONDS_BETWEEN_KILLS
    machine.wait(
        lambda: time.monotonic() > earliest and in_flight(campaign) >= CALLS_AT_ONCE - 5,
        seconds=120,
        what=f"busy lines before {program} is killed",
    )
    busy = in_flight(campaign)
    killed_at, victim = time.monotonic(), machine.kill(program, worker=part == "worker")
    machine.wait(lambda: machine.is_complete(program, without=victim), seconds=60, what=f"{program} is back")
    return program, part, busy, time.monotonic() - killed_at


def compare(machine: Machine, campaign: Campaign) -> Figures:
    at_carrier = {call["sid"]: call for call in machine.ask_simulator("/simulator/calls")["calls"]}
    dialled = Counter(entry["sid"] for entry in machine.ask_simulator("/simulator/dial-log"))
    calls = list(Call.objects.filter(campaign=campaign).prefetch_related("turns"))
    ours = {call.carrier_sid: call for call in calls if call.carrier_sid}
    pairs = [(call, at_carrier[sid]) for sid, call in ours.items() if sid in at_carrier]
    findings = judge_dialing(Case(now=clock.now(), asks_carrier=True))
    return Figures(
        calls=len(calls),
        at_carrier=len(at_carrier),
        dialled_twice=numbers_dialled_too_often(calls, at_carrier) + sum(count > 1 for count in dialled.values()),
        without_end=sum(call.status not in TERMINAL for call in calls),
        unknown_here=len(dialled.keys() - ours.keys()),
        unknown_there=len(ours.keys() - dialled.keys()),
        ended_differently=sum(call.status != there["status"].replace("-", "_") for call, there in pairs),
        heard_but_not_recorded=sum(bool(tell(call, unrecorded_words(call, there))) for call, there in pairs),
        recorded_but_not_said=sum(bool(tell(call, invented_words(call, there))) for call, there in pairs),
        violations=sum(len(finding.violations) for finding in findings),
    )


def tell(call: Call, lines: list[str]) -> list[str]:
    """Show what does not agree; pytest prints it when the test fails."""
    if lines:
        print(call.pk, call.transport, call.end_reason, lines)
        for turn in call.turns.all():
            print("   ", turn.sequence, turn.kind, turn.status, turn.attempt, [turn.heard, turn.said])
    return lines


def numbers_dialled_too_often(calls: list[Call], at_carrier: dict[str, Any]) -> int:
    """Numbers with more calls at the carrier than attempts here."""
    attempts = Counter(call.to_number for call in calls)
    there = Counter(call["to"] for call in at_carrier.values())
    return sum(count > attempts[number] for number, count in there.items())


def print_tables(kills: list[tuple[str, str, int, float]], figures: Figures) -> None:
    print(f"\n\n{'killed':<20}{'in flight':>10}{'back after s':>14}")
    for program, part, busy, seconds in kills:
        print(f"{program + ' ' + part:<20}{busy:>10}{seconds:>14.1f}")
    print()
    for name, count in vars(figures).items():
        print(f"{name.replace('_', ' '):<30}{count:>8}")

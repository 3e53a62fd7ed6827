"""What must stop calls at once, with every process running."""

from datetime import UTC, datetime, timedelta

import pytest

from callcenter import clock
from calls.models import Call
from campaigns.models import CampaignContact, ContactStatus
from campaigns.services import pause_campaign, start_campaign
from contacts.services import add_to_dnc
from tests.factories import make_contact, make_list
from tests.machine import running_machine
from tests.practice import make_practice_campaign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


@pytest.fixture
def machine(settings, tmp_path):
    with running_machine(tmp_path, speed=8, turn_workers=2, dialing_workers=2, web_processes=1) as running:
        yield running


def in_flight(campaign) -> int:
    return Call.objects.in_flight().filter(campaign=campaign).count()


def dialled_at(machine, number: str = "") -> list[datetime]:
    log = machine.ask_simulator("/simulator/dial-log")
    return [datetime.fromtimestamp(entry["at"], UTC) for entry in log if not number or entry["to"] == number]


def test_pausing_stops_new_calls_within_two_seconds(machine):
    people = make_list(*(make_contact(basis="practice") for _ in range(60)))
    campaign = make_practice_campaign(lists=[people], max_concurrent_calls=20)
    start_campaign(campaign=campaign, user=None)
    machine.wait(lambda: len(dialled_at(machine)) >= 10, seconds=60, what="ten calls placed")
    pause_campaign(campaign=campaign)
    paused_at = clock.now()
    machine.wait(lambda: in_flight(campaign) == 0, seconds=60, what="the calls in progress went on to their end")
    assert max(dialled_at(machine)) <= paused_at + timedelta(seconds=2)
    assert CampaignContact.objects.pending().filter(campaign=campaign).count() >= 20


def test_a_number_that_is_forbidden_while_the_campaign_runs_gets_no_second_attempt(machine):
    forbidden, other = make_contact(basis="practice"), make_contact(basis="practice")
    numbers = [contact.primary_number.e164 for contact in (forbidden, other)]
    for number in numbers:
        machine.pin(number, "always-busy")
    campaign = make_practice_campaign(lists=[make_list(forbidden, other)], retry_seconds=20)
    start_campaign(campaign=campaign, user=None)
    membership = CampaignContact.objects.get(contact=forbidden)
    machine.wait(lambda: Call.objects.filter(contact=forbidden, status="busy").exists(), seconds=60, what="one attempt")
    add_to_dnc(e164=numbers[0], reason="asked by mail", source="test")
    machine.wait(lambda: len(dialled_at(machine, numbers[1])) == 3, seconds=120, what="three attempts to the other")
    membership.refresh_from_db()
    assert (len(dialled_at(machine, numbers[0])), membership.status) == (1, ContactStatus.BLOCKED)

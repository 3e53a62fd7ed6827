"""Whole calls: the practice network dials, rings and reports to our real web door."""

import pytest
from django.db import connections

from callcenter import clock
from calls.dialer import tick
from calls.judge import Case, judge_dialing
from calls.models import Call, CallStatus
from calls.services import place_call
from campaigns.models import CampaignContact, ContactStatus, PassOverReason
from contacts.services import add_to_dnc
from tests.calls.conversation.conftest import forget_calls
from tests.factories import make_campaign, make_contact, make_membership
from tests.simulator.server import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wired(carrier, live_server, settings):
    """The carrier reaches us, and repeats half of its news."""
    settings.PUBLIC_BASE_URL = live_server.url
    carrier.set_faults(duplicate_status_callbacks=0.5)
    database, age = connections.settings["default"], connections.settings["default"]["CONN_MAX_AGE"]
    database["CONN_MAX_AGE"] = 0  # the carrier keeps its connections to the web door, which would keep the database's
    yield carrier
    forget_calls()
    database["CONN_MAX_AGE"] = age


def dial_everyone() -> None:
    tick(clock.now())
    for call_id in Call.objects.filter(status=CallStatus.QUEUED).values_list("pk", flat=True):
        place_call(call_id=call_id)


def member(carrier, persona: str, **rules) -> CampaignContact:
    contact = make_contact()
    carrier.pin(contact.primary_number.e164, persona)
    campaign = make_campaign(rules={"retry_delays": {"busy": 0, "no_answer": 0}} | rules)
    return make_membership(campaign=campaign, contact=contact)


@pytest.mark.parametrize(("persona", "status"), [("always-busy", CallStatus.BUSY), ("unreachable", CallStatus.FAILED)])
def test_the_carriers_own_news_settles_a_call(wired, persona, status):
    membership = member(wired, persona)
    dial_everyone()
    call = wait_until(lambda: Call.objects.filter(membership=membership, status=status).first())
    assert [event.to_status for event in call.events.filter(kind="moved")][:2] == ["queued", "dialing"]
    assert call.ended_at >= call.placed_at


def test_a_busy_line_is_tried_again_until_the_attempts_are_used(wired):
    membership = member(wired, "always-busy", max_attempts=2)
    for attempt in (1, 2):
        dial_everyone()
        wait_until(lambda attempt=attempt: Call.objects.filter(attempt_number=attempt, status="busy").exists())
    membership.refresh_from_db()
    assert (membership.status, membership.attempts) == (ContactStatus.EXHAUSTED, 2)
    assert not [finding for finding in judge_dialing(Case(now=clock.now())) if finding.violations]


def test_a_do_not_call_entry_made_meanwhile_stops_the_next_attempt(wired):
    membership = member(wired, "always-busy")
    dial_everyone()
    call = wait_until(lambda: Call.objects.filter(status="busy").first())
    add_to_dnc(e164=call.to_number, reason="asked by letter", source="test")
    dial_everyone()
    membership.refresh_from_db()
    assert (membership.status, membership.reason) == (ContactStatus.BLOCKED, PassOverReason.ON_DNC_LIST)
    assert [entry["to"] for entry in wired.dial_log()].count(call.to_number) == 1

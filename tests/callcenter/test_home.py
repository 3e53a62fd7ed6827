"""The home page: campaigns at work, today's figures, and the way in for a new installation."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcenter import clock
from calls.models import AnsweredBy, CallStatus
from campaigns.models import CampaignStatus, ContactStatus
from tests.factories import make_call, make_campaign, make_contact, make_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(client, alice):
    client.force_login(alice)
    return lambda **headers: client.get(reverse("home"), headers=headers)


def today_of(response):
    return response.context["today"]


def ended(**fields):
    return make_call(**{"status": CallStatus.COMPLETED, "placed_at": clock.now()} | fields)


def test_it_counts_what_today_has_brought(home):
    ended(answered_by=AnsweredBy.HUMAN, disposition="interested")
    ended(answered_by=AnsweredBy.VOICEMAIL, disposition="voicemail")
    ended(answered_by=AnsweredBy.HUMAN, disposition="interested", callback_at=clock.now())
    make_call(status=CallStatus.RINGING, placed_at=clock.now())
    today = today_of(home())
    assert (today.placed, today.answered, today.answer_rate, today.in_progress, today.callbacks) == (4, 2, 50, 1, 1)
    assert [(outcome.value, outcome.count) for outcome in today.outcomes] == [("interested", 2), ("voicemail", 1)]


def test_yesterdays_calls_are_not_counted(home):
    ended(placed_at=clock.now() - timedelta(days=1))
    assert today_of(home()).placed == 0


def test_today_begins_at_midnight_in_the_users_zone(home, alice):
    alice.time_zone = "America/Mexico_City"
    alice.save()
    ended(placed_at=datetime(2026, 11, 22, 5, 30, tzinfo=UTC))
    ended(placed_at=datetime(2026, 11, 22, 6, 30, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 11, 22, 12, 0, tzinfo=UTC), tick=False):
        assert today_of(home()).placed == 1


def test_it_shows_how_far_running_and_paused_campaigns_are(home):
    running = make_campaign(name="Reminders")
    make_membership(campaign=running, status=ContactStatus.DONE)
    make_membership(campaign=running)
    make_campaign(name="Survey", status=CampaignStatus.PAUSED, status_reason="Too many failures")
    make_campaign(name="Old one", status=CampaignStatus.FINISHED)
    page = home().content.decode()
    assert "1 of 2 contacts are settled" in page
    assert "Too many failures" in page
    assert "Old one" not in page


def test_it_names_whom_the_assistant_is_talking_to(home):
    call = make_call(status=CallStatus.IN_PROGRESS, placed_at=clock.now(), answered_at=clock.now())
    assert call.get_absolute_url() in home().content.decode()


def test_agents_see_the_campaigns_and_figures_of_their_own_team(client, bob):
    mine, other = make_campaign(name="Mine"), make_campaign(name="Others")
    mine.agents.add(bob)
    ended(campaign=mine)
    ended(campaign=other)
    client.force_login(bob)
    response = client.get(reverse("home"))
    assert today_of(response).placed == 1
    assert "Others" not in response.content.decode()


def test_an_empty_installation_shows_the_first_steps(home):
    page = home().content.decode()
    assert "Import your contacts" in page
    assert reverse("campaigns:create") in page


def test_a_step_that_is_done_is_marked(home):
    make_contact()
    assert "Contacts are loaded" in home().content.decode()


def test_the_first_steps_disappear_once_a_campaign_has_started(home):
    make_campaign()
    assert home().context["first_steps"] is None


def test_whoever_may_not_take_the_first_steps_does_not_see_them(client, bob):
    client.force_login(bob)
    assert client.get(reverse("home")).context["first_steps"] is None


def test_a_nudged_page_asks_for_its_live_part_only(home):
    part = home(**{"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="home-live"')
    assert "<html" not in part


def test_ten_more_campaigns_cost_no_more_queries(home, django_assert_max_num_queries):
    make_call(status=CallStatus.IN_PROGRESS, placed_at=clock.now())
    with CaptureQueriesContext(connection) as few:
        home()
    for _more in range(10):
        make_call(status=CallStatus.IN_PROGRESS, placed_at=clock.now())
    with django_assert_max_num_queries(len(few)):
        home()

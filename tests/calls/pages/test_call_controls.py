"""The buttons of a call, pressed with and without JavaScript."""

from datetime import UTC, datetime

import pytest
import time_machine

from calls.models import Call, CallStatus
from campaigns.models import ContactStatus
from tests.factories import make_call, make_campaign, make_contact, make_membership

HTMX = {"HX-Request": "true"}
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def call(bob):
    campaign = make_campaign()
    campaign.agents.add(bob)
    return make_call(campaign=campaign)


def press(client, call, button, data=None, **options):
    return client.post(f"/calls/{call.pk}/{button}/", data or {}, **options)


def test_a_queued_call_is_cancelled(client, call, bob):
    client.force_login(bob)
    response = press(client, call, "cancel", follow=True)
    call.refresh_from_db()
    assert call.status == CallStatus.CANCELED
    assert "The call was canceled." in response.content.decode()


def test_with_htmx_the_page_gets_its_parts_and_a_toast(client, call, bob):
    client.force_login(bob)
    response = press(client, call, "cancel", headers=HTMX)
    assert response.status_code == 200
    assert 'data-value="canceled"' in response.content.decode()
    assert "toast" in response.headers["HX-Trigger"]


def test_a_call_in_conversation_is_not_cancelled_and_says_why(client, call, bob):
    Call.objects.update(status=CallStatus.IN_PROGRESS)
    client.force_login(bob)
    response = press(client, call, "cancel", follow=True)
    call.refresh_from_db()
    assert call.status == CallStatus.IN_PROGRESS
    assert "Only a call that nobody has answered yet" in response.content.decode()


def test_hanging_up_a_call_that_has_ended_says_so(client, call, bob):
    Call.objects.update(status=CallStatus.COMPLETED)
    client.force_login(bob)
    assert "This call has ended already." in press(client, call, "hang-up", follow=True).content.decode()


@time_machine.travel(NOON, tick=False)
def test_a_call_is_moved_to_a_time_in_the_users_zone(client, call, bob):
    bob.time_zone = "Europe/Madrid"
    bob.save()
    client.force_login(bob)
    press(client, call, "reschedule", {"at": "2026-03-11T17:00"})
    membership = call.membership
    membership.refresh_from_db()
    assert membership.next_attempt_at == datetime(2026, 3, 11, 16, tzinfo=UTC)
    assert membership.status == ContactStatus.PENDING


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2020-01-01T10:00", "Choose a time in the future."),
        ("", "Choose a day and a time."),
        ("mañana", "This is no day and time."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_impossible_time_is_told_at_its_field(client, call, bob, at, words, headers):
    client.force_login(bob)
    response = press(client, call, "reschedule", {"at": at}, headers=headers)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "is-invalid" in page
    assert ("<html" in page) != bool(headers)


def test_a_contact_is_called_at_once(client, bob, call):
    membership = make_membership(campaign=call.campaign, contact=make_contact())
    client.force_login(bob)
    url = f"/calls/call-now/{membership.contact_id}/"
    assert call.campaign.name in client.get(url).content.decode()
    response = client.post(url, {"campaign": call.campaign_id})
    placed = Call.objects.get(membership=membership)
    assert response.headers["Location"] == placed.get_absolute_url()
    assert placed.status == CallStatus.QUEUED


def test_a_refused_call_says_why_at_the_field(client, bob, call):
    client.force_login(bob)
    response = client.post(f"/calls/call-now/{call.contact_id}/", {"campaign": call.campaign_id})
    assert response.status_code == 422
    assert "This contact is in a call already." in response.content.decode()


def test_a_campaign_of_others_cannot_be_chosen(client, bob, call):
    foreign = make_membership(campaign=make_campaign(), contact=call.contact).campaign
    client.force_login(bob)
    response = client.post(f"/calls/call-now/{call.contact_id}/", {"campaign": foreign.pk})
    assert response.status_code == 422
    assert "This campaign cannot call this contact." in response.content.decode()


def test_without_a_running_campaign_the_page_says_what_to_do(client, bob, call):
    call.campaign.status = "paused"
    call.campaign.save()
    client.force_login(bob)
    assert "No running campaign has this contact." in client.get(f"/calls/call-now/{call.contact_id}/").content.decode()


@pytest.mark.parametrize("button", ["cancel", "hang-up", "reschedule"])
def test_charlie_gets_404_and_changes_nothing(client, call, charlie, button):
    client.force_login(charlie)
    assert press(client, call, button, {"at": "2099-01-01T10:00"}).status_code == 404
    call.refresh_from_db()
    assert call.status == CallStatus.QUEUED


@pytest.mark.parametrize("button", ["cancel", "hang-up", "reschedule"])
def test_an_analyst_may_look_but_not_press(client, call, anna, button):
    client.force_login(anna)
    assert press(client, call, button).status_code == 403


def test_charlie_cannot_call_a_contact_of_others(client, call, charlie):
    client.force_login(charlie)
    assert client.get(f"/calls/call-now/{call.contact_id}/").status_code == 404


@pytest.mark.parametrize(
    ("button", "status", "question"),
    [("cancel", "ringing", "Cancel this call?"), ("hang-up", "in_progress", "Hang up this call?")],
)
def test_without_a_dialog_the_question_has_a_page_and_presses_nothing(client, call, bob, button, status, question):
    Call.objects.update(status=status)
    client.force_login(bob)
    address = f"/calls/{call.pk}/{button}/"
    assert f'href="{address}"' in client.get(call.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    assert question in page
    assert f'<form class="card" method="post" action="{address}">' in page
    call.refresh_from_db()
    assert (call.status, call.hang_up_asked_at) == (status, None)


def test_the_question_is_asked_in_the_readers_language(client, call, bob):
    client.force_login(bob)
    page = client.get(f"/calls/{call.pk}/cancel/", headers={"Accept-Language": "es"}).content.decode()
    assert "Nobody has answered it yet" not in page


def test_an_outsider_is_not_even_asked(client, call, charlie):
    client.force_login(charlie)
    assert client.get(f"/calls/{call.pk}/hang-up/").status_code in (403, 404)

"""The page of one call: its three answers, its growing transcript, its reasons, and that a finished one rests."""

from datetime import timedelta

import pytest

from callcenter import clock
from calls.models import AnsweredBy, CallEvent, CallStatus, RecordingStatus, TurnStatus
from campaigns.models import Disposition, RecordingMode
from tests.calls.pages.makers import make_recording, without_numbers
from tests.factories import make_call, make_campaign, make_turn

HTMX = {"HX-Request": "true"}


def page_of(client, call, **headers):
    response = client.get(f"/calls/{call.pk}/", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def call(bob):
    campaign = make_campaign(name="Citas de marzo")
    campaign.agents.add(bob)
    return make_call(campaign=campaign, status=CallStatus.IN_PROGRESS, answered_at=clock.now())


@pytest.fixture
def old_call(call):
    call.status = CallStatus.COMPLETED
    call.ended_at = clock.now() - timedelta(hours=1)
    call.save()
    return call


def test_alice_and_the_campaigns_agent_see_the_call(client, call, alice, bob):
    for user in (alice, bob):
        client.force_login(user)
        assert "Citas de marzo" in page_of(client, call)


@pytest.mark.parametrize("path", ["", "transcript/", "recording/", "reschedule/"])
def test_charlie_gets_404(client, call, charlie, path):
    client.force_login(charlie)
    assert client.get(f"/calls/{call.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "transcript/", "recording/"])
def test_without_signing_in_there_is_no_call(client, call, path):
    assert client.get(f"/calls/{call.pk}/{path}").status_code == 302


def test_status_answer_and_outcome_are_three_answers(client, old_call, alice):
    old_call.answered_by, old_call.disposition = AnsweredBy.VOICEMAIL, Disposition.CALLBACK
    old_call.save()
    client.force_login(alice)
    page = page_of(client, old_call)
    for value in ("completed", "voicemail", "callback"):
        assert f'data-value="{value}"' in page


def test_the_transcript_says_who_said_what_and_what_was_cut_short(client, call, alice):
    make_turn(call=call, sequence=1, heard="", said="Buenos días.", status=TurnStatus.DONE)
    make_turn(call=call, sequence=2, heard="¿Quién es?", said="Le llamo de", was_interrupted=True)
    client.force_login(alice)
    page = page_of(client, call)
    assert page.index("Buenos días.") < page.index("¿Quién es?") < page.index("Le llamo de")
    assert "interrupted" in page


def test_a_turn_shows_how_long_its_parts_took(client, call, alice):
    make_turn(call=call, heard="¿Sí?", said="Hola", queue_ms=3, model_first_token_ms=151, first_words_ms=160)
    client.force_login(alice)
    page = page_of(client, call)
    assert "queue 3 ms" in page
    assert "model 151 ms" in page
    assert "first words 160 ms" in page


def test_the_part_brings_only_what_came_after_the_turns_already_shown(client, call, alice):
    for sequence in (1, 2, 3):
        make_turn(call=call, sequence=sequence, said=f"Frase {sequence}.", status=TurnStatus.DONE)
    client.force_login(alice)
    part = client.get(f"/calls/{call.pk}/transcript/?after=1", headers=HTMX).content.decode()
    assert "Frase 1." not in part
    assert "Frase 2." in part
    assert "Frase 3." in part[part.index('id="transcript-tail"') :]
    assert "?after=2" in part


def test_a_running_calls_page_listens_and_a_finished_ones_does_not(client, call, alice):
    client.force_login(alice)
    assert "ws-connect" in page_of(client, call)
    call.status, call.ended_at = CallStatus.COMPLETED, clock.now() - timedelta(hours=1)
    call.save()
    page = page_of(client, call)
    assert "ws-connect" not in page
    assert "from:body" not in page


def test_the_last_part_of_a_finished_call_tells_the_page_to_stop(client, old_call, alice):
    client.force_login(alice)
    header = client.get(f"/calls/{old_call.pk}/", headers=HTMX)
    tail = client.get(f"/calls/{old_call.pk}/transcript/", headers=HTMX)
    assert "live-done" in header.headers["HX-Trigger"]
    assert "hx-trigger" not in tail.content.decode()


def test_a_call_that_has_just_ended_still_waits_for_its_recording(client, call, alice):
    call.campaign.recording = RecordingMode.ON
    call.campaign.save()
    call.status, call.ended_at = CallStatus.COMPLETED, clock.now()
    call.save()
    client.force_login(alice)
    assert "The recording is on its way." in page_of(client, call)
    make_recording(call)
    page = page_of(client, call)
    assert "<audio" in page
    assert "ws-connect" not in page


def test_a_recording_that_failed_is_not_played(client, old_call, alice):
    make_recording(old_call, status=RecordingStatus.FAILED)
    client.force_login(alice)
    page = page_of(client, old_call)
    assert "<audio" not in page
    assert "could not be fetched" in page


def test_what_happened_is_told_in_words(client, old_call, alice):
    CallEvent.objects.create(
        call=old_call, kind="moved", from_status="ringing", to_status="busy", source="carrier", reason="busy"
    )
    CallEvent.objects.create(call=old_call, kind="carrier_refused", source="carrier", data={"code": "21211"})
    client.force_login(alice)
    page = page_of(client, old_call)
    assert "The line was busy" in page
    assert "The carrier refused" in page


def test_the_rules_that_were_checked_are_told_in_words(client, old_call, alice):
    old_call.evidence = {
        "checked_at": "2026-03-10T10:00:00+00:00",
        "basis": "consent",
        "dnc_checked": True,
        "windows": {"0": [["10:00", "14:00"], ["16:00", "20:00"]]},
        "zones": ["Europe/Madrid"],
        "observes_holidays": True,
        "attempt": 2,
        "attempts_allowed": 3,
        "starts_per_second": 1.0,
    }
    old_call.save()
    client.force_login(alice)
    page = page_of(client, old_call)
    for words in ("Prior express consent", "checked, not on it", "Mon 10:00–14:00, 16:00–20:00", "2 of 3"):
        assert words in page


def test_a_promised_callback_is_shown_in_the_readers_zone(client, old_call, alice):
    old_call.callback_at = clock.now().replace(year=2027, month=3, day=10, hour=16, minute=0)
    old_call.save()
    alice.time_zone = "Europe/Madrid"
    alice.save()
    client.force_login(alice)
    assert "03/10/2027 5 p.m." in page_of(client, old_call)


def test_an_analyst_reads_but_gets_no_buttons_and_no_player(client, call, anna):
    make_recording(call)
    client.force_login(anna)
    page = page_of(client, call)
    assert "hang-up" not in page
    assert "<audio" not in page


def test_the_number_is_masked_for_whoever_may_not_see_it(client, call):
    client.force_login(without_numbers())
    page = page_of(client, call)
    assert call.to_number[-9:] not in page.replace(" ", "")
    assert "•••" in page


def test_a_call_outlives_its_contact(client, old_call, alice):
    old_call.membership.delete()
    old_call.contact.delete()
    client.force_login(alice)
    assert "Erased contact" in page_of(client, old_call)


def test_ten_more_turns_cost_no_more_queries(client, call, alice, django_assert_max_num_queries):
    client.force_login(alice)
    make_turn(call=call, sequence=1)
    with django_assert_max_num_queries(14) as few:
        page_of(client, call)
    for sequence in range(2, 12):
        make_turn(call=call, sequence=sequence)
        CallEvent.objects.create(call=call, kind="disposition", source="assistant")
    with django_assert_max_num_queries(len(few)):
        page_of(client, call)


def test_the_page_speaks_spanish(client, call, alice):
    client.force_login(alice)
    page = page_of(client, call, **{"Accept-Language": "es"})
    for words in ("Conversación", "Colgar", "En curso"):
        assert words in page

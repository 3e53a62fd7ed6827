"""The pieces of the demonstration; `make demo` in continuous integration shows them together."""

import pytest

from callcenter import clock
from callcenter.demo import contact_lists, results
from callcenter.demo.campaigns import pause_earlier_campaigns, reminder, survey
from callcenter.demo.progress import standing
from callcenter.demo.staff import demo_login
from callcenter.demo.verdict import Verdict
from calls.judge import Finding, Violation
from calls.models import CallStatus
from contacts.models import ContactList
from tests.factories import make_call, make_campaign, make_contact, make_membership, make_turn

pytestmark = pytest.mark.django_db


def test_the_login_stays_the_same_from_run_to_run(tmp_path):
    first, second = demo_login(tmp_path), demo_login(tmp_path)
    assert (first.user, first.password) == (second.user, second.password)
    assert second.user.check_password(first.password)


def test_a_forgotten_password_file_gives_a_new_password_that_works(tmp_path):
    first = demo_login(tmp_path)
    (tmp_path / "demo-password").unlink()
    second = demo_login(tmp_path)
    assert second.password != first.password
    assert second.user.check_password(second.password)


def test_the_password_is_readable_by_its_owner_only(tmp_path):
    demo_login(tmp_path)
    assert (tmp_path / "demo-password").stat().st_mode & 0o077 == 0


def test_a_second_import_of_the_sample_changes_nothing(alice):
    first, second = (
        contact_lists.import_sample(contact_lists.RELAY_FILE, list_name="Clientes", user=alice).figures
        for _ in range(2)
    )
    assert (first.rows, first.created, first.rejected) == (125, 115, 9)
    assert (second.created, second.updated, second.unchanged) == (0, 0, first.created)


def test_the_smaller_list_holds_the_first_contacts_of_the_file(alice):
    contact_lists.import_sample(contact_lists.GATHER_FILE, list_name="All", user=alice)
    smaller = contact_lists.first_contacts(ContactList.objects.get(name="All"), count=20, list_name="First")
    again = contact_lists.first_contacts(ContactList.objects.get(name="All"), count=20, list_name="First")
    assert (smaller, smaller.contacts.count()) == (again, 20)
    assert smaller.contacts.filter(full_name__startswith="Pablo").exists()


@pytest.mark.parametrize("script", [reminder(), survey()], ids=["reminder", "survey"])
def test_the_scripts_say_all_that_a_call_needs(script):
    assert script.disclosure
    assert "{name}" in script.opening
    assert min(len(script.questions), len(script.facts)) >= 2


def test_own_time_is_what_the_model_did_not_need():
    call = make_call()
    for sequence, (first_words, model) in enumerate([(110, 100), (120, 100), (130, 100)], start=1):
        make_turn(call=call, sequence=sequence, first_words_ms=first_words, model_first_token_ms=model)
    make_turn(call=call, sequence=9)
    measured = results.own_time(call.campaign)
    assert (measured.turns, measured.p50, measured.p95) == (3, 20, 29)


def test_a_campaign_without_turns_has_no_own_time():
    assert str(results.own_time(make_campaign())) == "no turns"


def test_the_progress_counts_final_contacts_and_calls_in_flight():
    campaign = make_campaign()
    make_membership(campaign=campaign, status="done")
    make_call(campaign=campaign)
    now = standing([campaign])
    assert (now.contacts, now.final, now.calls, now.in_flight, now.is_finished) == (2, 1, 1, 1, False)


def test_the_table_counts_each_outcome_for_each_campaign():
    busy = make_call(status=CallStatus.BUSY)
    found = {section.title: section.rows for section in results.sections([busy.campaign, make_campaign()])}
    assert found["Calls"] == [("Busy", [1, 0])]
    assert results.unfinished_contacts([busy.campaign]) == 1


def test_transcripts_shared_by_different_personas_are_found():
    campaign = make_campaign()
    for serial in range(3):
        call = make_call(campaign=campaign, carrier_sid=f"CA{serial}")
        make_turn(call=call, heard="Sí", said="Gracias" if serial < 2 else "Adiós")
    personas = {"CA0": "curious", "CA1": "reserved", "CA2": "silent"}
    assert results.shared_transcripts([campaign], personas) == [{"curious", "reserved"}]


def test_a_demonstration_that_was_stopped_half_way_is_paused_by_the_next_one(alice, bob):
    interrupted, somebody_elses = make_campaign(created_by=alice), make_campaign(created_by=bob)
    pause_earlier_campaigns(user=alice)
    for campaign in (interrupted, somebody_elses):
        campaign.refresh_from_db()
    assert (interrupted.status, somebody_elses.status) == ("paused", "running")


def test_attempts_that_were_given_back_are_not_counted_as_dialled():
    campaign = make_campaign()
    membership = make_membership(campaign=campaign, attempts=1)
    placed = [None, clock.now(), None, clock.now(), clock.now()]
    for number, placed_at in enumerate(placed, start=1):
        make_call(
            campaign=campaign, membership=membership, attempt_number=number, placed_at=placed_at, status="completed"
        )
    among_them = dict(results.sections([campaign])[-1].rows)
    assert among_them == {"second attempts": [1], "third attempts": [1]}


def test_two_names_make_no_other_conversation():
    campaign = make_campaign()
    for serial, name in enumerate(["Ana Ruiz", "Pedro Gil"]):
        membership = make_membership(campaign=campaign, contact=make_contact(full_name=name))
        call = make_call(campaign=campaign, membership=membership, carrier_sid=f"CA{serial}")
        make_turn(call=call, heard="Sí", said=f"Gracias, {name.split()[0]}.")
    personas = {"CA0": "curious", "CA1": "reserved"}
    assert results.shared_transcripts([campaign], personas) == [{"curious", "reserved"}]


def test_the_verdict_names_each_violation_and_what_was_there_before():
    kept, broken = Finding("SAF-1", "in time", 7), Finding("SAF-2", "not blocked", 7, remark="1 unseen")
    verdict = Verdict([kept, broken], {"SAF-1": [], "SAF-2": [Violation("17", "on_dnc_list")]}, earlier=2)
    assert verdict.count == 1
    assert list(verdict.lines()) == [
        "SAF-1  kept, 7 checked: in time",
        "SAF-2  1 VIOLATION, 7 checked: not blocked",
        "       1 unseen",
        "       17  on_dnc_list",
        "and 2 on records of before (manage.py judge_dialing lists them)",
    ]

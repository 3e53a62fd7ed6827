from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from callcenter import clock
from calls.dialer import tick
from calls.facts import candidates_of
from calls.models import Call, CallStatus
from calls.reasons import refresh_reasons
from calls.services.queueing import Choice, queue_calls
from campaigns.models import Campaign, CampaignStatus, ContactStatus, PassOverReason
from campaigns.pause_reasons import PauseReason
from campaigns.services import pause_campaign, pause_if_budget_is_spent, readmit_contacts
from contacts.models import ConsentRecord
from contacts.services import add_to_dnc
from tests.factories import make_call, make_campaign, make_contact, make_membership

pytestmark = pytest.mark.django_db
SATURDAY_NIGHT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
WEEKDAYS = {str(day): [["10:00", "20:00"]] for day in range(5)}


@pytest.fixture(autouse=True)
def _generous_account(settings):
    settings.TWILIO_STARTS_PER_SECOND = 50.0
    settings.TWILIO_MAX_CONCURRENT_CALLS = 100


def fast_campaign(*, kind="service", required_basis="consent", **rules):
    rules = {"starts_per_second": 20, "max_concurrent_calls": 10} | rules
    return make_campaign(kind=kind, required_basis=required_basis, rules=rules)


def test_a_due_contact_is_queued_and_its_attempt_counted():
    membership = make_membership(campaign=fast_campaign())
    tick(clock.now())
    membership.refresh_from_db()
    call = Call.objects.get()
    assert (membership.status, membership.attempts) == (ContactStatus.IN_CALL, 1)
    assert (call.status, call.attempt_number, call.membership) == (CallStatus.QUEUED, 1, membership)
    assert [event.to_status for event in call.events.all()] == [CallStatus.QUEUED]


def test_a_paused_campaign_places_no_calls():
    campaign = make_campaign(status=CampaignStatus.PAUSED)
    make_membership(campaign=campaign)
    assert tick(clock.now()).queued == 0


def test_a_campaign_that_starts_while_the_dialer_reads_is_not_taken_for_one_without_a_script():
    starts = iter([fast_campaign])

    def start_one_before_campaigns_are_read(execute, sql, params, many, context):
        if 'FROM "campaigns_campaign"' in sql and (start := next(starts, None)):
            start()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(start_one_before_campaigns_are_read):
        assert tick(clock.now()).paused == 0
    assert next(starts, None) is None


def test_no_more_calls_are_queued_than_fit_at_once():
    campaign = fast_campaign(max_concurrent_calls=3)
    for _ in range(5):
        make_membership(campaign=campaign)
    assert tick(clock.now()).queued == 3
    assert tick(clock.now()).queued == 0


def test_all_campaigns_together_keep_the_accounts_limit(settings):
    settings.TWILIO_MAX_CONCURRENT_CALLS = 4
    for campaign in (fast_campaign(), fast_campaign()):
        for _ in range(4):
            make_membership(campaign=campaign)
    assert tick(clock.now()).queued == 4
    assert {call.campaign_id for call in Call.objects.all()} == set(Call.objects.values_list("campaign_id", flat=True))


def test_starts_are_spaced_by_the_rate_over_ticks_too():
    campaign = fast_campaign(starts_per_second=4)
    for _ in range(20):
        make_membership(campaign=campaign)
    now = clock.now()
    tick(now)
    tick(now + timedelta(seconds=1))
    starts = sorted(Call.objects.values_list("place_at", flat=True))
    assert len(starts) == 10
    assert all(later - earlier >= timedelta(milliseconds=250) for earlier, later in pairwise(starts))


def test_who_is_on_the_do_not_call_list_is_blocked_and_says_why():
    membership = make_membership(campaign=fast_campaign())
    add_to_dnc(e164=membership.contact.primary_number.e164, reason="asked", source="test")
    tick(clock.now())
    membership.refresh_from_db()
    assert (membership.status, membership.reason) == (ContactStatus.BLOCKED, PassOverReason.ON_DNC_LIST)


def test_without_the_demanded_basis_nobody_is_called():
    membership = make_membership(campaign=fast_campaign(), contact=make_contact(basis="contract"))
    tick(clock.now())
    membership.refresh_from_db()
    assert (membership.status, membership.reason) == (ContactStatus.BLOCKED, PassOverReason.NO_LEGAL_BASIS)


def test_a_basis_that_begins_later_is_waited_for():
    membership = make_membership(campaign=fast_campaign(), contact=make_contact(basis=""))
    now = clock.now()
    add_consent(membership.contact, obtained_at=now + timedelta(seconds=3))
    tick(now)
    membership.refresh_from_db()
    assert (membership.status, membership.reason) == (ContactStatus.PENDING, PassOverReason.NO_LEGAL_BASIS)
    assert membership.next_attempt_at == now + timedelta(seconds=3)
    assert refresh_reasons(now) == 0
    assert tick(now + timedelta(seconds=3)).queued == 1


def test_a_basis_that_begins_next_year_is_looked_at_again_in_ten_minutes():
    membership = make_membership(campaign=fast_campaign(), contact=make_contact(basis=""))
    now = clock.now()
    add_consent(membership.contact, obtained_at=now + timedelta(days=365))
    tick(now)
    membership.refresh_from_db()
    assert membership.next_attempt_at == now + timedelta(minutes=10)


def test_a_basis_that_will_have_expired_before_it_begins_is_none():
    membership = make_membership(campaign=fast_campaign(), contact=make_contact(basis=""))
    now = clock.now()
    add_consent(membership.contact, obtained_at=now + timedelta(days=2), expires_at=now + timedelta(days=1))
    tick(now)
    membership.refresh_from_db()
    assert membership.status == ContactStatus.BLOCKED


def test_who_was_blocked_for_want_of_a_basis_comes_back_once_it_is_recorded():
    campaign = fast_campaign()
    member, still_without = (make_membership(campaign=campaign, contact=make_contact(basis="")) for _ in range(2))
    make_membership(campaign=campaign, next_attempt_at=clock.now() + timedelta(hours=1))
    tick(clock.now())
    assert readmit_contacts(now=clock.now()) == 0
    add_consent(member.contact, obtained_at=clock.now())
    assert readmit_contacts(now=clock.now()) == 1
    assert tick(clock.now()).queued == 1
    still_without.refresh_from_db()
    assert still_without.status == ContactStatus.BLOCKED


@pytest.mark.parametrize(
    "consent", [{"basis": "contract"}, {"expires_at": clock.now() - timedelta(days=1)}], ids=["other basis", "expired"]
)
def test_a_basis_that_does_not_count_brings_nobody_back(consent):
    member = make_membership(
        campaign=fast_campaign(),
        contact=make_contact(basis=""),
        status=ContactStatus.BLOCKED,
        reason=PassOverReason.NO_LEGAL_BASIS,
    )
    add_consent(member.contact, **{"obtained_at": clock.now() - timedelta(days=2)} | consent)
    assert readmit_contacts(now=clock.now()) == 0


def test_who_is_blocked_for_another_reason_stays_so_whatever_is_recorded():
    make_membership(campaign=fast_campaign(), status=ContactStatus.BLOCKED, reason=PassOverReason.ON_DNC_LIST)
    assert readmit_contacts(now=clock.now()) == 0


def test_outside_the_window_the_reason_is_told_and_the_contact_is_looked_at_again():
    with time_machine.travel(SATURDAY_NIGHT, tick=False):
        membership = make_membership(campaign=fast_campaign(windows=WEEKDAYS))
        tick(clock.now())
        membership.refresh_from_db()
    assert (membership.status, membership.reason) == (ContactStatus.PENDING, PassOverReason.OUTSIDE_WINDOW)
    assert SATURDAY_NIGHT < membership.next_attempt_at <= SATURDAY_NIGHT + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("kind", "e164", "queued"),
    [("commercial", "+34911234567", 0), ("commercial", "+525512345678", 1), ("service", "+34911234567", 1)],
)
def test_the_law_keeps_commercial_calls_from_ringing_in_spain_at_the_weekend(kind, e164, queued):
    with time_machine.travel(SATURDAY_NIGHT, tick=False):
        membership = make_membership(campaign=fast_campaign(kind=kind), contact=make_contact(e164=e164))
        assert tick(clock.now()).queued == queued
        membership.refresh_from_db()
        if not queued:
            assert membership.reason == PassOverReason.OUTSIDE_WINDOW
            assert membership.next_attempt_at == SATURDAY_NIGHT + timedelta(minutes=10)


def test_a_commercial_practice_call_never_rings_in_spain_and_needs_no_lawful_hour(carrier):
    with time_machine.travel(SATURDAY_NIGHT, tick=False):
        make_membership(campaign=fast_campaign(kind="commercial", required_basis="practice"))
        assert tick(clock.now()).queued == 1


def test_contacts_that_may_not_be_called_do_not_block_those_behind_them():
    campaign = fast_campaign()
    for _ in range(60):
        make_membership(campaign=campaign, contact=make_contact(basis=""))
    last = make_membership(campaign=campaign)
    tick(clock.now())
    last.refresh_from_db()
    assert last.status == ContactStatus.IN_CALL


def test_one_number_in_two_campaigns_is_called_once():
    contact = make_contact()
    for _ in range(2):
        make_membership(campaign=fast_campaign(), contact=contact)
    assert tick(clock.now()).queued == 1


def test_a_number_that_is_in_a_call_is_passed_over():
    running = make_call(status=CallStatus.RINGING)
    membership = make_membership(campaign=fast_campaign(), contact=running.contact)
    tick(clock.now())
    membership.refresh_from_db()
    assert membership.reason == PassOverReason.ALREADY_IN_CALL


def test_a_number_is_not_called_more_often_a_day_than_its_rules_allow():
    campaign = fast_campaign(max_attempts_per_day=1)
    earlier = make_call(status=CallStatus.COMPLETED, placed_at=clock.now() - timedelta(hours=23))
    membership = make_membership(campaign=campaign, contact=earlier.contact)
    tick(clock.now())
    membership.refresh_from_db()
    assert membership.reason == PassOverReason.FREQUENCY_CAP


def test_a_spent_budget_pauses_the_campaign_and_says_so():
    campaign = make_campaign(budget_micros=1_000_000, spent_micros=1_000_000)
    make_membership(campaign=campaign)
    ticked = tick(clock.now())
    campaign.refresh_from_db()
    assert (ticked.queued, ticked.paused) == (0, 1)
    assert (campaign.status, campaign.status_reason) == (CampaignStatus.PAUSED, PauseReason.BUDGET_SPENT)


def test_a_budget_that_was_raised_while_the_tick_ran_pauses_nothing():
    campaign = make_campaign(budget_micros=1_000_000, spent_micros=1_000_000)
    make_membership(campaign=campaign)
    Campaign.objects.update(budget_micros=2_000_000)
    assert not pause_if_budget_is_spent(campaign=campaign)
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.RUNNING


def test_a_campaign_that_spent_its_budget_on_everybody_is_finished_not_paused():
    campaign = make_campaign(budget_micros=1_000_000, spent_micros=1_000_000)
    make_membership(campaign=campaign, status=ContactStatus.DONE)
    tick(clock.now())
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.FINISHED


@pytest.mark.parametrize(
    ("break_it", "reason"),
    [
        (lambda campaign: campaign.scripts.all().delete(), PauseReason.NO_SCRIPT),
        (lambda campaign: campaign.rules.delete(), PauseReason.NO_RULES),
        (lambda campaign: set_windows(campaign, {"0": [["20:00", "10:00"]]}), PauseReason.INVALID_WINDOWS),
        (lambda campaign: set_practice(campaign), PauseReason.PRACTICE_ONLY),
    ],
)
def test_a_campaign_that_has_become_invalid_is_paused_and_says_why(break_it, reason):
    campaign = make_campaign()
    make_membership(campaign=campaign)
    break_it(campaign)
    assert tick(clock.now()).queued == 0
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.PAUSED
    assert (campaign.status_reason, campaign.status_words) == (reason, reason.label)


def test_an_unknown_time_zone_pauses_the_campaign():
    campaign = make_campaign()
    make_membership(campaign=campaign, contact=make_contact(time_zone="Mars/Olympus"))
    tick(clock.now())
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.PAUSED
    assert "“Mars/Olympus”" in campaign.status_words


def test_each_reader_is_told_in_their_own_language_why_a_campaign_was_paused():
    campaign = make_campaign(script={})
    campaign.scripts.all().delete()
    with translation.override("es"):
        tick(clock.now())
    campaign.refresh_from_db()
    change = campaign.status_changes.get()
    assert campaign.status_words == change.words == "Paused: the campaign has no script."
    with translation.override("es"):
        assert campaign.status_words == change.words == "En pausa: la campaña no tiene guion."


def add_consent(contact, **fields):
    ConsentRecord.objects.create(**{"contact": contact, "basis": "consent", "source": "staff"} | fields)


def set_windows(campaign, windows):
    campaign.rules.windows = windows
    campaign.rules.save()


def set_practice(campaign):
    campaign.required_basis = "practice"
    campaign.save()


def test_a_campaign_with_nobody_left_to_call_is_finished():
    campaign = make_campaign()
    make_membership(campaign=campaign, status=ContactStatus.DONE)
    assert tick(clock.now()).finished == 1
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.FINISHED


def test_who_waits_for_a_line_or_for_the_next_attempt_is_told_so():
    campaign = fast_campaign(max_concurrent_calls=1)
    due, later = make_membership(campaign=campaign), make_membership(campaign=campaign)
    later.next_attempt_at = clock.now() + timedelta(hours=1)
    later.save()
    make_call(campaign=campaign)
    tick(clock.now())
    refresh_reasons(clock.now())
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.reason, later.reason) == (PassOverReason.NO_CAPACITY, PassOverReason.NOT_YET_DUE)


def test_pausing_is_told_to_those_who_wait():
    membership = make_membership(campaign=make_campaign(status=CampaignStatus.PAUSED))
    assert refresh_reasons(clock.now()) == 1
    membership.refresh_from_db()
    assert membership.reason == PassOverReason.CAMPAIGN_NOT_RUNNING
    assert refresh_reasons(clock.now()) == 0


def test_a_queued_call_whose_job_was_lost_is_handed_over_again(dialing_queue, django_capture_on_commit_callbacks):
    call = make_call(lease_expires_at=clock.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert tick(clock.now()).enqueued_again == 1
        assert tick(clock.now()).enqueued_again == 0
    assert [job.args[0] for job in dialing_queue.jobs] == [str(call.pk)]


def test_queued_calls_reach_the_dialing_workers(dialing_queue, django_capture_on_commit_callbacks):
    make_membership(campaign=fast_campaign())
    with django_capture_on_commit_callbacks(execute=True):
        tick(clock.now())
    assert [job.args[0] for job in dialing_queue.jobs] == [str(Call.objects.get().pk)]


def test_more_contacts_cost_no_more_queries():
    campaign = fast_campaign(max_concurrent_calls=50)
    make_membership(campaign=campaign)
    with CaptureQueriesContext(
        connection,
    ) as few:
        tick(clock.now())
    for _ in range(15):
        make_membership(campaign=campaign)
    with CaptureQueriesContext(connection) as many:
        tick(clock.now() + timedelta(seconds=5))
    assert Call.objects.count() == 16
    assert len(many) <= len(few)


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_queue_nobody_twice_and_keep_the_limit(at_once):
    campaign = fast_campaign(max_concurrent_calls=5)
    for _ in range(20):
        make_membership(campaign=campaign)
    now = clock.now()
    at_once(*[lambda: tick(now)] * 4)
    assert Call.objects.count() == 5
    assert Call.objects.values("membership").distinct().count() == 5


def test_a_campaign_that_is_paused_while_the_tick_runs_gets_no_calls_and_stops_nobody_else():
    paused, running = (make_membership(campaign=fast_campaign()) for _ in range(2))
    now = clock.now()
    choices = [Choice(candidate=candidate, place_at=now) for candidate in candidates_of([paused, running], now=now)]
    pause_campaign(campaign=paused.campaign)
    assert [call.membership for call in queue_calls(choices, now=now)] == [running]
    paused.refresh_from_db()
    assert (paused.status, paused.attempts) == (ContactStatus.PENDING, 0)

"""What calls cost: asked for fairly, counted against the budget before it is known, never lost in another currency."""

from datetime import timedelta

import pytest
import time_machine

from callcenter import clock
from calls.dialer import tick
from calls.jobs import settle_prices
from calls.models import Call, CallStatus
from calls.providers import telephony
from calls.providers.base import CarrierCall, ProviderError
from calls.reasons import refresh_reasons
from calls.refusals import CallRefused
from calls.services import call_now, place_call, settling
from calls.spending import Commitment, affordable_calls, commitments, is_budget_reached
from campaigns.models import Campaign, CampaignStatus, PassOverReason
from campaigns.pause_reasons import PauseReason
from tests.factories import make_call, make_campaign, make_membership

pytestmark = pytest.mark.django_db
PRICE = 50_000


class Till:
    """A carrier of the tests' own: calls whose id says so have no price yet, or cannot be asked about."""

    asked: list[str] = []

    def fetch_call(self, carrier_sid: str) -> CarrierCall:
        self.asked.append(carrier_sid)
        if "silent" in carrier_sid:
            raise ProviderError("no", permanent=False)
        price = None if "free" in carrier_sid else PRICE
        return CarrierCall(carrier_sid, "", "completed", price_micros=price, price_currency="USD")


@pytest.fixture(autouse=True)
def till(settings) -> type[Till]:
    settings.TELEPHONY_PROVIDER = f"{__name__}.Till"
    telephony.cache_clear()
    Till.asked.clear()
    yield Till
    telephony.cache_clear()


def ended_call(campaign: Campaign, sid: str, *, minutes_ago: float = 5, **fields) -> Call:
    ended = {"status": CallStatus.COMPLETED, "duration_seconds": 30, "carrier_sid": sid}
    return make_call(campaign=campaign, ended_at=clock.now() - timedelta(minutes=minutes_ago), **ended | fields)


def spent(campaign: Campaign) -> int:
    campaign.refresh_from_db()
    return campaign.spent_micros


@pytest.mark.parametrize("without_price", ["CA-free", "CA-silent"])
def test_calls_whose_price_never_comes_hide_no_others(without_price):
    campaign = make_campaign()
    asked_before = clock.now() - timedelta(minutes=1)
    for number in range(2):
        ended_call(campaign, f"{without_price}-{number}", minutes_ago=60, price_due_at=asked_before)
    ended_call(campaign, "CA-1")
    settling.settle_prices(time_limit=timedelta())
    assert spent(campaign) == PRICE


def test_all_that_is_due_is_asked_about_in_one_run(till):
    campaign = make_campaign()
    for number in range(settling.BATCH + 5):
        ended_call(campaign, f"CA-{number}")
    assert settling.settle_prices() == settling.BATCH + 5


def test_a_run_ends_in_time_and_the_next_one_goes_on(till):
    campaign = make_campaign()
    for sid in ("CA-free", "CA-1"):
        ended_call(campaign, sid)
    for _ in range(2):
        settling.settle_prices(time_limit=timedelta())
    assert sorted(till.asked) == ["CA-1", "CA-free"]


@time_machine.travel("2026-11-23 12:00Z", tick=False)
def test_a_price_that_does_not_come_is_asked_for_ever_more_seldom(till):
    ended_call(make_campaign(), "CA-free", minutes_ago=0)
    asked_at = []
    for minute in range(70):
        with time_machine.travel(clock.now() + timedelta(minutes=minute), tick=False):
            settle_prices()
        asked_at += [minute] * (len(till.asked) - len(asked_at))
    assert asked_at == [1, 2, 4, 8, 16, 32, 64]


def test_a_budget_in_another_currency_pauses_the_campaign_and_says_so():
    campaign = make_campaign(budget_micros=1_000_000, budget_currency="EUR")
    ended_call(campaign, "CA-1")
    settle_prices()
    campaign.refresh_from_db()
    assert (campaign.status, campaign.status_reason) == (CampaignStatus.PAUSED, PauseReason.OTHER_CURRENCY)
    assert "charges in USD and the budget is in EUR" in campaign.status_words


def test_another_currency_stops_no_campaign_without_a_budget():
    campaign = make_campaign(budget_currency="EUR")
    ended_call(campaign, "CA-1")
    settle_prices()
    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.RUNNING


def test_once_the_currency_is_corrected_what_was_charged_before_counts():
    campaign = make_campaign(budget_micros=1_000_000, budget_currency="EUR")
    ended_call(campaign, "CA-1")
    settle_prices()
    Campaign.objects.update(budget_currency="USD")
    settle_prices()
    assert spent(campaign) == PRICE


def test_calls_without_a_price_are_expected_to_cost_what_others_cost():
    campaign = make_campaign(budget_micros=1_000_000)
    for number, price in enumerate((40_000, 60_000)):
        ended_call(campaign, f"CA-{number}", price_micros=price, price_currency="USD")
    ended_call(campaign, "CA-unpriced")
    ended_call(campaign, "CA-unanswered", status=CallStatus.NO_ANSWER, duration_seconds=0)
    ended_call(campaign, "CA-yesterday", minutes_ago=60 * 25)
    running = make_call(campaign=campaign, status=CallStatus.RINGING)
    assert commitments([campaign.pk], now=clock.now()) == {campaign.pk: Commitment(50_000, open_calls=2)}
    without = commitments([campaign.pk], now=clock.now(), apart_from=running.pk)
    assert without[campaign.pk].open_calls == 1


def test_a_campaign_without_prices_takes_those_of_the_account():
    ended_call(make_campaign(), "CA-1", price_micros=30_000, price_currency="USD")
    ended_call(make_campaign(), "CA-2", price_micros=90_000, price_currency="EUR")
    campaign = make_campaign(budget_micros=1_000_000)
    assert commitments([campaign.pk], now=clock.now())[campaign.pk].expected_micros == 30_000


def test_a_campaign_without_a_budget_reserves_nothing():
    campaign = make_campaign()
    assert commitments([campaign.pk], now=clock.now()) == {}
    assert affordable_calls(campaign, Commitment(50_000, 10)) is None
    assert not is_budget_reached(campaign, Commitment(50_000, 10))


@pytest.mark.parametrize(
    ("spent_micros", "commitment", "affordable"),
    [
        (0, Commitment(50_000, 0), 20),
        (0, Commitment(0, 7), None),
        (800_000, Commitment(50_000, 3), 1),
        (800_000, Commitment(60_000, 3), 1),
        (800_000, Commitment(50_000, 4), 0),
        (1_000_000, Commitment(0, 0), 0),
    ],
)
def test_the_last_call_may_go_beyond_the_budget_and_no_other(spent_micros, commitment, affordable):
    campaign = Campaign(budget_micros=1_000_000, spent_micros=spent_micros)
    assert affordable_calls(campaign, commitment) == affordable
    assert is_budget_reached(campaign, commitment) is (affordable == 0)


def campaign_with_prices(*, contacts: int, **fields) -> Campaign:
    """One call of it has cost 50 000 micros, and that many contacts wait."""
    campaign = make_campaign(rules={"starts_per_second": 20, "max_concurrent_calls": 20}, **fields)
    ended_call(campaign, "CA-priced", price_micros=PRICE, price_currency="USD")
    for _ in range(contacts):
        make_membership(campaign=campaign)
    return campaign


def test_a_tick_begins_no_more_calls_than_the_budget_will_pay_for(settings):
    settings.TWILIO_STARTS_PER_SECOND = 50.0
    campaign = campaign_with_prices(contacts=6, budget_micros=200_000, spent_micros=PRICE)
    for _ in range(2):
        tick(clock.now())
    assert campaign.calls.in_flight().count() == 3
    refresh_reasons(clock.now())
    waiting = campaign.memberships.pending().values_list("reason", flat=True)
    assert set(waiting) == {PassOverReason.BUDGET_REACHED}


def test_staff_begin_no_call_either_for_which_the_budget_is_promised(alice):
    campaign = campaign_with_prices(contacts=1, budget_micros=90_000, spent_micros=PRICE)
    make_call(campaign=campaign, status=CallStatus.IN_PROGRESS)
    with pytest.raises(CallRefused) as refused:
        call_now(campaign=campaign, membership=campaign.memberships.pending().get(), user=alice)
    assert refused.value.reason == PassOverReason.BUDGET_REACHED


def test_a_call_is_not_in_its_own_way_when_it_is_placed(carrier, settings):
    settings.TELEPHONY_PROVIDER = "calls.providers.twilio.TwilioTelephony"
    telephony.cache_clear()
    campaign = campaign_with_prices(contacts=0, budget_micros=90_000, spent_micros=PRICE)
    call = make_call(campaign=campaign)
    assert place_call(call_id=call.pk)


def test_a_campaign_goes_on_when_its_calls_cost_less_than_expected(settings):
    settings.TWILIO_STARTS_PER_SECOND = 50.0
    campaign = campaign_with_prices(contacts=2, budget_micros=100_000, spent_micros=PRICE)
    tick(clock.now())
    Call.objects.in_flight().update(status=CallStatus.NO_ANSWER, ended_at=clock.now(), duration_seconds=0)
    tick(clock.now())
    assert campaign.calls.in_flight().count() == 1

"""What calls cost: the price list, the price on the call, and the balance."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from simulator.twilio.rates import ELSEWHERE_MICROS, countries, country_of, minute_micros
from tests.simulator.calling import make_client
from tests.simulator.server import SimulatorHandle, running_simulator

SPANISH_MOBILE, SPANISH_LANDLINE = "+34600000001", "+34910000001"
NUMBERS = st.from_regex(r"\+[1-9][0-9]{7,13}", fullmatch=True)
EEA_CALLER, AMERICAN_CALLER = "+34910000000", "+12125550100"


@pytest.fixture(scope="module")
def fast() -> Iterator[SimulatorHandle]:
    with running_simulator(speed=200) as handle:
        handle.pin(SPANISH_MOBILE, "silent")
        yield handle


@pytest.fixture
def client(fast: SimulatorHandle) -> Client:
    client = make_client(fast)
    client.pricing.base_url = fast.base_url
    return client


def test_the_price_of_a_spanish_mobile_depends_on_where_the_call_comes_from(client: Client):
    rows = client.pricing.v2.voice.countries("ES").fetch().outbound_prefix_prices
    mobile = {tuple(row["origination_prefixes"]): row for row in rows if "346" in row["destination_prefixes"]}
    eea = next(prefixes for prefixes in mobile if "34" in prefixes)
    assert mobile[eea]["current_price"] == "0.0486"
    assert mobile["ALL",]["current_price"] == "0.1800"


def test_a_country_has_every_field_of_the_reference(client: Client):
    spain = client.pricing.v2.voice.countries("ES").fetch()
    assert (spain.country, spain.iso_country, spain.price_unit) == ("Spain", "ES", "USD")
    assert set(spain.outbound_prefix_prices[0]) == {
        "friendly_name",
        "origination_prefixes",
        "destination_prefixes",
        "base_price",
        "current_price",
    }
    assert spain.inbound_call_prices == [{"number_type": "local", "base_price": "0.0178", "current_price": "0.0178"}]
    assert spain.url.endswith("/v2/Voice/Countries/ES")


def test_countries_are_listed_page_by_page(client: Client):
    listed = client.pricing.v2.voice.countries.list(page_size=3)
    assert [country.iso_country for country in listed] == list(countries())
    assert len(client.pricing.v2.voice.countries.list(limit=2)) == 2
    with pytest.raises(TwilioRestException) as unknown:
        client.pricing.v2.voice.countries("ZZ").fetch()
    assert unknown.value.code == 20404


@pytest.mark.parametrize(
    ("number", "caller", "price"),
    [
        (SPANISH_MOBILE, EEA_CALLER, "0.0486"),
        (SPANISH_MOBILE, AMERICAN_CALLER, "0.1800"),
        (SPANISH_LANDLINE, AMERICAN_CALLER, "0.0178"),
        ("+12125550123", EEA_CALLER, "0.0140"),
    ],
)
def test_a_number_has_the_price_for_its_caller(client: Client, number: str, caller: str, price: str):
    found = client.pricing.v2.voice.numbers(number).fetch(origination_number=caller)
    assert (found.destination_number, found.origination_number) == (number, caller)
    assert [entry["current_price"] for entry in found.outbound_call_prices] == [price]


def test_a_number_without_a_caller_has_all_its_prices(client: Client):
    found = client.pricing.v2.voice.numbers(SPANISH_MOBILE).fetch()
    assert {entry["current_price"] for entry in found.outbound_call_prices} == {"0.0486", "0.1800"}


@pytest.mark.parametrize(("caller", "price"), [(EEA_CALLER, "-0.04860"), (AMERICAN_CALLER, "-0.18000")])
def test_a_call_has_no_price_at_first_and_later_that_of_its_origin(
    fast: SimulatorHandle, client: Client, caller: str, price: str
):
    twiml = "<Response><Pause length='5'/></Response>"
    call = client.calls.create(to=SPANISH_MOBILE, from_=caller, twiml=twiml)
    fast.wait_until(lambda: fast.call(str(call.sid))["status"] == "completed")
    assert client.calls(call.sid).fetch().price is None
    assert fast.wait_until(lambda: client.calls(call.sid).fetch().price) == price


def test_the_balance_falls_by_calls_recordings_and_detection_and_does_not_rise_again(
    fast: SimulatorHandle, client: Client
):
    before = float(client.balance.fetch().balance)
    twiml = "<Response><Say>A few words</Say><Pause length='40'/></Response>"
    options = {"record": True, "time_limit": 30, "machine_detection": "Enable"}
    call = client.calls.create(to=SPANISH_MOBILE, from_=EEA_CALLER, twiml=twiml, **options)
    (recording,) = fast.wait_until(lambda: [r for r in client.recordings.list(call_sid=call.sid) if r.duration])
    fast.wait_until(lambda: client.recordings(recording.sid).fetch().status == "completed")
    client.recordings(recording.sid).delete()
    client.calls(call.sid).delete()
    balance = client.balance.fetch()
    assert before - float(balance.balance) == pytest.approx(0.0486 + 0.0025 + 0.0075)
    assert balance.currency == "USD"


def test_the_opening_balance_is_set_at_run_time(fast: SimulatorHandle, client: Client):
    spent = 500 - float(client.balance.fetch().balance)
    fast.post("account", {"balance": 12.5})
    assert float(client.balance.fetch().balance) == pytest.approx(12.5 - spent)
    fast.post("account", {"balance": 500})


@given(number=NUMBERS, caller=st.sampled_from([EEA_CALLER, "+525550000000"]))
def test_every_number_has_one_price_and_callers_of_the_group_never_pay_more_in_spain(number: str, caller: str):
    micros = minute_micros(number, caller=caller)
    assert micros > 0
    if country_of(number) is None:
        assert micros == ELSEWHERE_MICROS
    if number.startswith("+34"):
        assert minute_micros(number, caller=EEA_CALLER) <= minute_micros(number, caller=AMERICAN_CALLER)

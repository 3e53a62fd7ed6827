"""Who may ask, what the account is, which numbers it has, and what it may do."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from simulator.twilio.account_file import AccountFileError, AccountSettings, change_settings, read_account
from tests.simulator.calling import make_client
from tests.simulator.server import ACCOUNT_SID, AUTH_TOKEN, SimulatorHandle, running_simulator

URL = "http://127.0.0.1:9/voice"
OWNED, VERIFIED, STRANGE = "+34910000000", "+34600111222", "+34911111111"
KEY, SECRET, SECOND_KEY = "SK" + "1" * 32, "key-secret", "SK" + "2" * 32
TEST_SID = "AC" + "9" * 32
FILE = f"""
balance = 20.0
numbers = ["{OWNED}"]
caller_ids = ["{VERIFIED}"]
countries = ["ES", "MX"]

[api_keys]
{KEY} = "{SECRET}"

[test_credentials]
{TEST_SID} = "test-token"
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatorHandle]:
    path = tmp_path_factory.mktemp("account") / "account.toml"
    path.write_text(FILE)
    with running_simulator(speed=50, account=path, api_key=f"{SECOND_KEY}:other-secret") as handle:
        yield handle


@pytest.fixture
def client(company: SimulatorHandle) -> Client:
    company.post("account", {"status": "active", "type": "Full", "api_concurrency": 1000})
    company.set_faults()
    client = make_client(company)
    client.voice.base_url = company.base_url
    return client


def client_of(company: SimulatorHandle, user: str, password: str, account_sid: str | None = None) -> Client:
    client = Client(user, password, account_sid, http_client=TwilioHttpClient(timeout=60))
    client.api.base_url = company.base_url
    return client


def refusal(client: Client, **changes: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as refused:
        client.calls.create(**({"to": "+34600000000", "from_": OWNED, "url": URL} | changes))
    return refused.value.status, refused.value.code


@pytest.mark.parametrize(
    "credentials", [(ACCOUNT_SID, "wrong"), ("AC" + "0" * 32, AUTH_TOKEN), (KEY, "wrong"), ("", "")]
)
def test_bad_credentials_are_20003(company: SimulatorHandle, credentials: tuple[str, str]):
    url = f"{company.base_url}/2010-04-01/Accounts/{ACCOUNT_SID}/Calls.json"
    answer = requests.get(url, auth=credentials, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_without_any_credentials_it_is_20003(company: SimulatorHandle):
    for path in (f"/2010-04-01/Accounts/{ACCOUNT_SID}.json", "/v2/Voice/Countries", "/v1/DialingPermissions/Countries"):
        assert requests.get(company.base_url + path, timeout=60).json()["code"] == 20003


@pytest.mark.parametrize(("key", "secret"), [(KEY, SECRET), (SECOND_KEY, "other-secret")])
def test_an_api_key_speaks_for_the_account_in_the_path(company: SimulatorHandle, key: str, secret: str):
    assert client_of(company, key, secret, ACCOUNT_SID).balance.fetch().account_sid == ACCOUNT_SID


def test_another_account_in_the_path_is_not_found(company: SimulatorHandle):
    with pytest.raises(TwilioRestException) as refused:
        client_of(company, KEY, SECRET, "AC" + "0" * 32).calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


@pytest.mark.parametrize(("status", "code"), [("suspended", 20005), ("closed", 10001)])
def test_an_account_that_is_not_active_places_no_calls_and_says_what_it_is(
    company: SimulatorHandle, client: Client, status: str, code: int
):
    company.post("account", {"status": status})
    assert refusal(client) == (401, code)
    assert client.api.accounts(ACCOUNT_SID).fetch().status == status


def test_the_account_is_suspended_and_activated_by_rest(client: Client):
    account = client.api.accounts(ACCOUNT_SID)
    assert account.update(status="suspended", friendly_name="Resting").status == "suspended"
    assert refusal(client) == (401, 20005)
    assert (account.update(status="active").status, account.fetch().friendly_name) == ("active", "Resting")


def test_the_account_has_every_field_of_the_reference(company: SimulatorHandle, client: Client):
    url = f"{company.base_url}/2010-04-01/Accounts/{ACCOUNT_SID}.json"
    body = requests.get(url, auth=(ACCOUNT_SID, AUTH_TOKEN), timeout=60).json()
    assert set(body) == {
        "sid",
        "friendly_name",
        "status",
        "type",
        "owner_account_sid",
        "auth_token",
        "date_created",
        "date_updated",
        "uri",
        "subresource_uris",
    }
    assert (body["status"], body["type"], body["owner_account_sid"]) == ("active", "Full", ACCOUNT_SID)
    assert client.api.accounts(ACCOUNT_SID).fetch().date_created.tzinfo is not None
    assert [account.sid for account in client.api.accounts.list()] == [ACCOUNT_SID]


def test_owned_numbers_are_listed_filtered_and_fetched(client: Client):
    (number,) = client.incoming_phone_numbers.list()
    assert (number.phone_number, number.capabilities["voice"]) == (OWNED, True)
    assert client.incoming_phone_numbers(number.sid).fetch().phone_number == OWNED
    assert len(client.incoming_phone_numbers.list(phone_number="9100")) == 1
    assert client.incoming_phone_numbers.list(phone_number="+1212") == []
    with pytest.raises(TwilioRestException):
        client.incoming_phone_numbers("PN" + "0" * 32).fetch()


def test_verified_caller_ids_are_listed_filtered_and_fetched(client: Client):
    (caller_id,) = client.outgoing_caller_ids.list(phone_number=VERIFIED)
    assert client.outgoing_caller_ids(caller_id.sid).fetch().phone_number == VERIFIED
    assert client.outgoing_caller_ids.list(phone_number=OWNED) == []


def test_only_owned_and_verified_numbers_may_call(client: Client):
    assert refusal(client, from_=STRANGE) == (400, 21210)
    assert refusal(client, caller_id=STRANGE) == (400, 21210)
    assert refusal(client, from_="911") == (400, 21212)
    owned, verified = (client.calls.create(to="+34600000000", from_=number, url=URL) for number in (OWNED, VERIFIED))
    assert owned.phone_number_sid == client.incoming_phone_numbers.list()[0].sid
    assert verified.phone_number_sid is None


def test_without_a_file_any_caller_is_accepted(twilio: Client):
    call = twilio.calls.create(to="+34600000000", from_=STRANGE, url=URL)
    assert call._from == STRANGE
    twilio.calls(call.sid).update(status="canceled")


def test_countries_that_are_switched_off_refuse_the_call(client: Client):
    assert refusal(client, to="+12125550123") == (400, 21215)
    assert refusal(client, to="+861012345678") == (400, 21215)
    assert refusal(client, to="+34806123456") == (400, 21215)
    call = client.calls.create(to="+525550000001", from_=OWNED, url=URL)
    assert call.status == "queued"


@pytest.mark.parametrize("address", ["sip:alice@example.com", "client:bob"])
def test_addresses_that_are_no_numbers_lie_in_no_country(company: SimulatorHandle, client: Client, address: str):
    company.pin(address, "silent")
    call = client.calls.create(to=address, from_=OWNED, twiml="<Response><Say>Hello</Say></Response>")
    company.wait_until(lambda: client.calls(call.sid).fetch().status == "completed")
    assert company.wait_until(lambda: client.calls(call.sid).fetch().price) == "-0.00400"


def test_permissions_are_shown_with_their_three_risks(client: Client):
    spain, america = (client.voice.v1.dialing_permissions.countries(iso).fetch() for iso in ("ES", "US"))
    assert (spain.iso_code, spain.name, spain.continent, spain.country_codes) == ("ES", "Spain", "EUROPE", ["+34"])
    assert (spain.low_risk_numbers_enabled, spain.high_risk_special_numbers_enabled) == (True, False)
    assert (spain.high_risk_tollfraud_numbers_enabled, america.low_risk_numbers_enabled) == (False, False)
    open_countries = client.voice.v1.dialing_permissions.countries.list(low_risk_numbers_enabled=True)
    assert [country.iso_code for country in open_countries] == ["ES", "MX"]
    assert client.voice.v1.dialing_permissions.countries.list(country_code="34")[0].iso_code == "ES"
    prefixes = client.voice.v1.dialing_permissions.countries("ES").highrisk_special_prefixes.list()
    assert "+34806" in [entry.prefix for entry in prefixes]


def test_permissions_are_changed_in_bulk(client: Client):
    flags = {"low_risk_numbers_enabled": "true", "high_risk_special_numbers_enabled": "false"}
    both = [{"iso_code": "GB"} | flags, {"iso_code": "FR"} | flags]
    updated = client.voice.v1.dialing_permissions.bulk_country_updates.create(update_request=json.dumps(both))
    assert updated.update_count == 2
    assert client.voice.v1.dialing_permissions.countries("GB").fetch().low_risk_numbers_enabled
    assert client.calls.create(to="+442071234567", from_=OWNED, url=URL).sid
    with pytest.raises(TwilioRestException):
        client.voice.v1.dialing_permissions.bulk_country_updates.create(update_request="all of them")


def test_a_trial_account_is_told_apart_and_refused_most_parameters(company: SimulatorHandle, client: Client):
    company.post("account", {"type": "Trial"})
    assert client.api.accounts(ACCOUNT_SID).fetch().type == "Trial"
    for extra in ({"timeout": 20}, {"time_limit": 60}, {"method": "GET"}, {"record": True}):
        assert refusal(client, **({"to": VERIFIED} | extra)) == (400, 0)
    with pytest.raises(TwilioRestException, match="trial accounts have limited parameter access") as refused:
        client.calls.create(to=VERIFIED, from_=OWNED, twiml="<Response/>")
    assert refused.value.code == 0
    assert refusal(client, to="+34600000000") == (400, 21219)


def test_a_trial_account_may_be_held_to_the_templates(company: SimulatorHandle, client: Client):
    company.post("account", {"type": "Trial", "trial_own_urls": False})
    assert refusal(client, to=VERIFIED) == (400, 0)
    template = "https://webhooks.twilio.com/v1/Voice/Template/voice_text_to_speech"
    company.pin(VERIFIED, "silent")
    call = client.calls.create(to=VERIFIED, from_=OWNED, url=template)
    company.post("account", {"trial_own_urls": True})
    ended = company.wait_until(lambda: company.call(str(call.sid))["ended_by"] and company.call(str(call.sid)))
    assert "practice call" in ended["transcript"][-1]["text"]


def test_a_trial_account_holds_five_calls_at_once(company: SimulatorHandle, client: Client):
    company.wait_until(lambda: all(call["ended_by"] for call in company.calls()))
    company.pin(VERIFIED, "no-answer")
    company.post("account", {"type": "Trial"})
    calls = [client.calls.create(to=VERIFIED, from_=OWNED, url=URL) for _ in range(5)]
    assert refusal(client, to=VERIFIED) == (429, 10004)
    for call in calls:
        client.calls(call.sid).update(status="canceled")


def test_test_credentials_know_the_magic_numbers_and_dial_nothing(company: SimulatorHandle):
    tester, before = client_of(company, TEST_SID, "test-token"), len(company.dial_log())
    magic = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}
    for number, code in magic.items():
        assert refusal(tester, to=number, from_="+15005550006")[1] == code
    assert refusal(tester, from_="+15005550001")[1] == 21212
    assert refusal(tester)[1] == 21210
    assert tester.calls.create(to="+34600000000", from_="+15005550006", url=URL).status == "queued"
    assert len(company.dial_log()) == before


def test_test_credentials_do_nothing_else(company: SimulatorHandle):
    with pytest.raises(TwilioRestException) as refused:
        client_of(company, TEST_SID, "test-token").balance.fetch()
    assert (refused.value.status, refused.value.code) == (403, 20008)


def test_more_requests_at_once_than_the_account_may_are_20429(company: SimulatorHandle, client: Client):
    balance = client.balance.fetch_with_http_info()
    assert balance.headers["Twilio-Concurrent-Requests"] == "1"
    company.post("account", {"api_concurrency": 2})
    company.set_faults(calls_api_delay_ms=700)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: ask_for_balance(company), range(6)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.json()["code"] for answer in refused] == [20429] * len(refused)
    assert 1 <= len(refused) <= 4
    assert max(int(answer.headers["Twilio-Concurrent-Requests"]) for answer in answers) >= 3


def ask_for_balance(company: SimulatorHandle) -> requests.Response:
    url = f"{company.base_url}/2010-04-01/Accounts/{ACCOUNT_SID}/Balance.json"
    return requests.get(url, auth=(ACCOUNT_SID, AUTH_TOKEN), timeout=60)


def test_the_settings_are_shown_without_secrets(company: SimulatorHandle):
    shown = requests.get(f"{company.base_url}/simulator/account", timeout=60)
    assert shown.json()["api_keys"] == [KEY, SECOND_KEY]
    assert SECRET not in shown.text
    assert "test-token" not in shown.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"owner": "me"}, "unknown key of the account: owner"),
        ({"status": "asleep"}, "status is one of active, suspended, closed"),
        ({"numbers": "+34910000000"}, "numbers is a list of texts"),
        ({"api_keys": ["SK1"]}, "api_keys is a table of texts"),
        ({"balance": "much"}, "balance: 'much'"),
        ({"trial_own_urls": 1}, "trial_own_urls: 1"),
        ({"api_concurrency": True}, "api_concurrency: True"),
    ],
)
def test_what_an_account_cannot_be_is_refused(changes: dict[str, Any], words: str):
    with pytest.raises(AccountFileError, match=words):
        change_settings(AccountSettings(), changes)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path):
    path = tmp_path / "account.toml"
    path.write_text("= 5")
    with pytest.raises(AccountFileError, match=r"account\.toml"):
        read_account(path)


def test_a_senseless_change_at_run_time_is_refused_with_a_message(company: SimulatorHandle):
    answer = requests.post(f"{company.base_url}/simulator/account", json={"status": "asleep"}, timeout=60)
    assert answer.status_code == 400
    assert "active, suspended, closed" in answer.json()["error"]

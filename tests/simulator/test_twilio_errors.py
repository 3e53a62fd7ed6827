"""Everything that the REST API can answer instead of a call, as the SDK sees it."""

from collections.abc import Callable

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from simulator.twilio.errors import MESSAGES
from tests.simulator.calling import FROM
from tests.simulator.server import SimulatorHandle

URL = "http://127.0.0.1/voice"
NUMBER = "+34600777001"
URLENCODED = "application/x-www-form-urlencoded"
IN_PARTS = "multipart/form-data; boundary=y"
FILE = b'--y\r\nContent-Disposition: form-data; name="To"; filename="a"\r\n\r\nx\r\n--y--'


def create(client: Client, to: str = NUMBER):
    return client.calls.create(to=to, from_=FROM, url=URL)


def impatient(simulator: SimulatorHandle) -> Client:
    client = Client(simulator.account_sid, simulator.auth_token, http_client=TwilioHttpClient(timeout=1.5))
    client.api.base_url = simulator.base_url
    return client


def calls_to(simulator: SimulatorHandle, number: str) -> list[str]:
    return [entry["sid"] for entry in simulator.dial_log() if entry["to"] == number]


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_code_of_the_dictionary_can_be_asked_for_by_number(simulator: SimulatorHandle, twilio: Client, code: int):
    simulator.set_faults(fail_calls_with={NUMBER: code})
    with pytest.raises(TwilioRestException) as refused:
        create(twilio)
    status, message = MESSAGES[code]
    assert (refused.value.status, refused.value.code) == (status, code)
    assert refused.value.msg == f"Unable to create record: {message}"
    assert refused.value.method == "POST"
    assert refused.value.uri == f"/Accounts/{simulator.account_sid}/Calls.json"
    assert str(refused.value) == f"HTTP {status} error: Unable to create record: {message}"


def test_a_refusal_has_exactly_the_keys_of_the_reference(simulator: SimulatorHandle):
    url = f"{simulator.base_url}/2010-04-01/Accounts/{simulator.account_sid}/Calls.json"
    form = {"To": "600", "From": FROM, "Url": URL}
    answer = requests.post(url, form, auth=(simulator.account_sid, simulator.auth_token), timeout=60)
    assert answer.status_code == 400
    assert answer.json() == {
        "code": 21211,
        "message": "The phone number you are attempting to call is not valid.",
        "more_info": "https://www.twilio.com/docs/errors/21211",
        "status": 400,
    }


def test_the_next_calls_can_be_refused_and_the_ones_after_not(simulator: SimulatorHandle, twilio: Client):
    simulator.set_faults(create_error={"value": 20429, "times": 2})
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            create(twilio)
        assert (refused.value.status, refused.value.code) == (429, 20429)
    call = create(twilio)
    twilio.calls(call.sid).update(status="completed")


def test_a_share_of_all_requests_can_be_refused(simulator: SimulatorHandle, twilio: Client):
    simulator.set_faults(calls_api_error={"value": 20429, "share": 0.5})
    refused = 0
    for _ in range(40):
        try:
            twilio.balance.fetch()
        except TwilioRestException:
            refused += 1
    assert 5 < refused < 35


def test_refusals_limited_to_a_number_leave_the_others_alone(simulator: SimulatorHandle, twilio: Client):
    simulator.set_faults(create_error={"value": 21214, "numbers": [NUMBER]})
    with pytest.raises(TwilioRestException):
        create(twilio)
    call = create(twilio, "+34600777002")
    twilio.calls(call.sid).update(status="completed")


def test_an_html_page_of_a_gateway_has_its_status_for_a_code(simulator: SimulatorHandle, twilio: Client):
    simulator.set_faults(calls_api_status=502)
    before = calls_to(simulator, NUMBER)
    with pytest.raises(TwilioRestException) as refused:
        create(twilio)
    assert (refused.value.status, refused.value.code) == (502, 502)
    assert calls_to(simulator, NUMBER) == before


def test_a_problem_of_rfc_9457_is_the_sibling_exception(simulator: SimulatorHandle, twilio: Client):
    simulator.set_faults(calls_api_problem=20503)
    with pytest.raises(TwilioServiceException) as refused:
        create(twilio)
    assert (refused.value.status, refused.value.code) == (503, 20503)
    assert (refused.value.title, refused.value.type) == (
        "Service Unavailable",
        "https://www.twilio.com/docs/errors/20503",
    )
    assert not isinstance(refused.value, TwilioRestException)


@pytest.mark.parametrize(("when", "calls"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("fault", ["calls_api_hangs", "calls_api_resets"])
def test_an_answer_that_never_comes_may_hide_a_call(simulator: SimulatorHandle, fault: str, when: str, calls: int):
    number = f"+3460077{len(fault)}{calls}00"
    simulator.pin(number, "no-answer")
    before = len(calls_to(simulator, number))
    simulator.set_faults(**{fault: {"value": when, "times": 1}})
    expected = requests.exceptions.ReadTimeout if fault == "calls_api_hangs" else requests.exceptions.ConnectionError
    client = impatient(simulator)
    with pytest.raises(expected):
        create(client, number)
    found = calls_to(simulator, number)
    assert len(found) - before == calls
    for sid in found[before:]:
        client.calls(sid).update(status="canceled")


@pytest.mark.parametrize(
    "act",
    [
        lambda client: client.calls("CA" + "0" * 32).fetch(),
        lambda client: client.calls("CA" + "0" * 32).update(status="completed"),
        lambda client: client.calls("CA" + "0" * 32).delete(),
        lambda client: create(client),
    ],
    ids=["fetch", "update", "delete", "create"],
)
def test_every_single_request_raises_the_same_exception(
    simulator: SimulatorHandle, twilio: Client, act: Callable[[Client], object]
):
    simulator.set_faults(calls_api_error=20503)
    with pytest.raises(TwilioRestException) as refused:
        act(twilio)
    assert (refused.value.status, refused.value.code) == (503, 20503)


def test_a_list_raises_the_plain_exception_with_the_answer_beside_it(simulator: SimulatorHandle, twilio: Client):
    simulator.set_faults(calls_api_status=503)
    with pytest.raises(TwilioException) as refused:
        twilio.calls.list()
    assert not isinstance(refused.value, TwilioRestException)
    assert refused.value.args[0] == "Unable to fetch page"
    assert refused.value.args[1].status_code == 503


def test_an_address_that_does_not_exist_is_20404_in_json(simulator: SimulatorHandle):
    url = f"{simulator.base_url}/2010-04-01/Accounts/{simulator.account_sid}/Faxes.json"
    answer = requests.get(url, auth=(simulator.account_sid, simulator.auth_token), timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_a_method_that_is_not_allowed_is_20004(simulator: SimulatorHandle):
    url = f"{simulator.base_url}/2010-04-01/Accounts/{simulator.account_sid}/Balance.json"
    answer = requests.post(url, auth=(simulator.account_sid, simulator.auth_token), timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (405, 20004)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (URLENCODED, b"\xff\xfe=\xff"),
        (IN_PARTS, b"--x"),
        ("multipart/form-data", b"--x"),
        (IN_PARTS, FILE),
    ],
)
def test_a_body_that_is_no_form_is_refused_in_json(simulator: SimulatorHandle, kind: str, body: bytes):
    url = f"{simulator.base_url}/2010-04-01/Accounts/{simulator.account_sid}/Calls.json"
    credentials = (simulator.account_sid, simulator.auth_token)
    answer = requests.post(url, data=body, headers={"Content-Type": kind}, auth=credentials, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)

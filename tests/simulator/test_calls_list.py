"""GET Calls.json: filters and pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from tests.simulator.calling import FROM, make_client
from tests.simulator.server import SimulatorHandle, running_simulator

URL = "http://127.0.0.1:9/voice"
BUSY, SILENT = "+34600000001", "+34600000002"
KEYS = {
    "calls",
    "first_page_uri",
    "next_page_uri",
    "previous_page_uri",
    "page",
    "page_size",
    "start",
    "end",
    "uri",
}


@pytest.fixture(scope="module")
def switchboard() -> Iterator[SimulatorHandle]:
    """Seven calls to the busy number, two to the silent one from another caller."""
    with running_simulator(speed=50) as handle:
        client = make_client(handle)
        handle.pin(BUSY, "always-busy")
        handle.pin(SILENT, "silent")
        for _ in range(7):
            client.calls.create(to=BUSY, from_=FROM, url=URL)
        for _ in range(2):
            client.calls.create(to=SILENT, from_="+34930000000", twiml="<Response><Pause length='2'/></Response>")
        handle.wait_until(lambda: all(call["status"] in ("busy", "completed") for call in handle.calls()))
        yield handle


@pytest.fixture
def client(switchboard: SimulatorHandle) -> Client:
    switchboard.set_faults()
    return make_client(switchboard)


def page(switchboard: SimulatorHandle, query: str) -> dict[str, Any]:
    url = query if query.startswith("/") else f"/2010-04-01/Accounts/{switchboard.account_sid}/Calls.json?{query}"
    auth = (switchboard.account_sid, switchboard.auth_token)
    return dict(requests.get(switchboard.base_url + url, auth=auth, timeout=60).json())


def test_a_page_has_exactly_the_keys_that_the_sdk_knows(switchboard: SimulatorHandle):
    body = page(switchboard, "PageSize=4")
    assert set(body) == KEYS
    assert (body["page"], body["page_size"], body["start"], body["end"]) == (0, 4, 0, 3)
    assert body["previous_page_uri"] is None
    assert body["next_page_uri"].startswith(f"/2010-04-01/Accounts/{switchboard.account_sid}/Calls.json?")


def test_three_pages_are_walked_forth_and_back(switchboard: SimulatorHandle):
    first = page(switchboard, f"To=%2B{BUSY[1:]}&PageSize=3")
    second = page(switchboard, first["next_page_uri"])
    third = page(switchboard, second["next_page_uri"])
    assert [len(entry["calls"]) for entry in (first, second, third)] == [3, 3, 1]
    assert (third["page"], third["start"], third["end"], third["next_page_uri"]) == (2, 6, 6, None)
    again = page(switchboard, third["previous_page_uri"])
    assert [call["sid"] for call in again["calls"]] == [call["sid"] for call in second["calls"]]
    assert [call["sid"] for call in page(switchboard, again["previous_page_uri"])["calls"]] == [
        call["sid"] for call in first["calls"]
    ]


def test_the_sdk_walks_every_page_once(client: Client):
    found = [call.sid for call in client.calls.list(to=BUSY, page_size=3)]
    assert (len(found), len(set(found))) == (7, 7)
    assert [call.sid for call in client.calls.list(limit=4)] == [call.sid for call in client.calls.list()][:4]


def test_a_call_placed_meanwhile_moves_no_page(client: Client, switchboard: SimulatorHandle):
    first = client.calls.page(from_=FROM, page_size=3)
    shown = [call.sid for call in first]
    client.calls.create(to=SILENT, from_="+34930000000", twiml="<Response><Hangup/></Response>")
    late = client.calls.create(to="+34600000003", from_=FROM, url=URL)
    rest = [call.sid for call in first.next_page()]
    assert not set(shown) & set(rest)
    client.calls(late.sid).update(status="canceled")


def test_pages_hold_no_more_than_a_thousand(switchboard: SimulatorHandle):
    assert page(switchboard, "PageSize=5000")["page_size"] == 1000
    assert page(switchboard, "")["page_size"] == 50


def test_filters_of_the_sdk_are_understood(client: Client):
    assert {call.status for call in client.calls.list(status="busy")} == {"busy"}
    assert {call.to for call in client.calls.list(from_="+34930000000")} == {SILENT}
    assert client.calls.list(parent_call_sid="CA" + "0" * 32) == []
    assert client.calls.list(to=BUSY, status="completed") == []


def test_periods_include_their_limits(client: Client):
    newest = client.calls.list(to=SILENT, status="completed")[0]
    hour = timedelta(hours=1)
    assert client.calls.list(to=SILENT, start_time_after=newest.start_time - hour)
    assert not client.calls.list(to=SILENT, start_time_before=newest.start_time - hour)
    assert newest.sid in [call.sid for call in client.calls.list(start_time_after=newest.start_time)]
    assert newest.sid in [call.sid for call in client.calls.list(end_time_before=newest.end_time + hour)]
    assert not client.calls.list(end_time_after=newest.end_time + hour)


def test_a_bare_date_is_a_whole_day(client: Client):
    today = datetime.now(UTC).date()
    assert len(client.calls.list(to=BUSY, start_time=today)) == 7
    assert client.calls.list(to=BUSY, start_time=today - timedelta(days=3)) == []
    assert len(client.calls.list(to=BUSY, end_time=today)) == 7


@pytest.mark.parametrize(
    "query", ["StartTime=yesterday", "Page=first", f"Page={'9' * 5000}", "PageSize=-1", "PageToken=nonsense"]
)
def test_senseless_questions_are_refused(switchboard: SimulatorHandle, query: str):
    assert page(switchboard, query)["status"] == 400


def test_an_error_on_the_second_page_is_the_plain_exception(client: Client, switchboard: SimulatorHandle):
    switchboard.set_faults(calls_list_error_page=2)
    found = []
    with pytest.raises(TwilioException) as failed:
        found.extend(call.sid for call in client.calls.stream(to=BUSY, page_size=3))
    assert not isinstance(failed.value, TwilioRestException)
    assert failed.value.args[1].status_code == 500
    assert len(client.calls.page(to=BUSY, page_size=3)._payload["calls"]) == 3


def test_deleted_calls_are_listed_no_more(client: Client):
    victim = client.calls.list(to=BUSY)[-1]
    assert client.calls(victim.sid).delete()
    assert victim.sid not in [call.sid for call in client.calls.list()]
    with pytest.raises(TwilioRestException) as gone:
        client.calls(victim.sid).delete()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    client.calls.create(to=BUSY, from_=FROM, url=URL)

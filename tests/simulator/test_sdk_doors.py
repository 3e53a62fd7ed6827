"""The SDK's other ways in: asynchronous, with the whole answer, through an HTTP client of one's own."""

from urllib.parse import urlsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from tests.simulator.calling import FROM
from tests.simulator.server import SimulatorHandle

URL = "http://127.0.0.1:9/voice"


class AimedHttpClient(TwilioHttpClient):
    """Every domain of Twilio is one and the same network."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=60)
        self._base_url = base_url

    def request(self, method: str, url: str, *args: object, **options: object) -> Response:
        parts = urlsplit(url)
        target = f"{self._base_url}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(method, target, *args, **options)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of aiohttp, about what the SDK does
async def test_calls_are_placed_listed_and_ended_asynchronously(simulator: SimulatorHandle):
    simulator.pin("+34600313131", "no-answer")
    async with AsyncTwilioHttpClient() as http_client:
        client = Client(simulator.account_sid, simulator.auth_token, http_client=http_client)
        client.api.base_url = simulator.base_url
        call = await client.calls.create_async(to="+34600313131", from_=FROM, url=URL)
        assert [found.sid for found in await client.calls.list_async(to="+34600313131")] == [call.sid]
        assert (await client.calls(call.sid).update_async(status="canceled")).status == "canceled"
        assert await client.calls(call.sid).delete_async()
        with pytest.raises(TwilioRestException) as gone:
            await client.calls(call.sid).fetch_async()
    assert gone.value.code == 20404


def test_the_whole_answer_has_the_documented_status(simulator: SimulatorHandle, twilio: Client):
    simulator.pin("+34600313132", "no-answer")
    created = twilio.calls.create_with_http_info(to="+34600313132", from_=FROM, url=URL)
    assert created.status_code == 201
    assert created.headers["Content-Type"].startswith("application/json")
    assert int(created.headers["Twilio-Concurrent-Requests"]) >= 1
    sid = created.data.sid
    assert twilio.calls(sid).fetch_with_http_info().status_code == 200
    assert twilio.calls(sid).update_with_http_info(status="canceled").status_code == 200
    assert twilio.calls(sid).delete_with_http_info().status_code == 204


def test_an_http_client_of_ones_own_reaches_every_product(simulator: SimulatorHandle):
    http_client = AimedHttpClient(simulator.base_url)
    client = Client(simulator.account_sid, simulator.auth_token, http_client=http_client)
    assert client.balance.fetch().currency == "USD"
    assert client.pricing.v2.voice.countries("MX").fetch().iso_country == "MX"
    assert client.voice.v1.dialing_permissions.countries("MX").fetch().low_risk_numbers_enabled
    assert client.voice.v1.dialing_permissions.settings().fetch().dialing_permissions_inheritance is False
    with pytest.raises(TwilioRestException) as unknown:
        client.monitor.v1.alerts("NO" + "0" * 32).fetch()
    assert unknown.value.code == 20404

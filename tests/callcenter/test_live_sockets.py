"""The staff's sockets, opened as a browser opens them, over real sessions and a real Redis."""

import asyncio
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import Client
from redis.asyncio import Redis

from callcenter.live import channel, nudge
from callcenter.live_sockets import PAUSE_SECONDS, TRY_AGAIN_LATER
from tests.callcenter.sockets import BrowserSocket
from tests.factories import make_call, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)

nudge_later = sync_to_async(nudge)


def socket_of(client: Client, topic: str, origin: str = settings.PUBLIC_BASE_URL) -> BrowserSocket:
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return BrowserSocket(f"/live/{topic}", origin=origin, cookies=cookies)


@pytest.fixture(autouse=True)
async def _threads_leave_no_connection():
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def alices(alice) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def charlies(charlie) -> Client:
    client = Client()
    client.force_login(charlie)
    return client


async def test_a_page_is_told_when_its_call_changes(alices):
    call = await sync_to_async(make_call)()
    socket = socket_of(alices, f"calls/{call.pk}")
    assert await socket.opens()
    await nudge_later(f"calls/{call.pk}")
    assert await socket.hears() == "changed"
    await socket.leave()


async def test_a_nudge_about_another_call_is_not_passed_on(alices):
    call = await sync_to_async(make_call)()
    socket = socket_of(alices, f"calls/{call.pk}")
    assert await socket.opens()
    async with Redis.from_url(settings.REDIS_URL) as redis:
        assert await redis.publish(channel(f"calls/{uuid4()}"), "changed") == 0
        assert await redis.publish(channel(f"calls/{call.pk}"), "changed") == 1
    assert await socket.hears() == "changed"
    await socket.leave()


async def test_a_hundred_nudges_at_once_become_two_or_three_messages(alices):
    socket = socket_of(alices, "home")
    assert await socket.opens()
    await nudge_later("home")
    assert await socket.hears() == "changed"
    await nudge_later(*["home"] * 99)
    assert await socket.hears() == "changed"
    if not await socket.receive_nothing(timeout=2 * PAUSE_SECONDS):
        assert await socket.hears() == "changed"
        assert await socket.receive_nothing(timeout=2 * PAUSE_SECONDS)
    await socket.leave()


async def test_a_foreign_page_may_not_listen(alices):
    assert not await socket_of(alices, "home", origin="https://elsewhere.example").opens()


async def test_a_socket_without_an_origin_may_not_listen(alices):
    assert not await socket_of(alices, "home", origin="").opens()


async def test_a_stranger_may_not_listen():
    assert not await socket_of(Client(), "home").opens()


async def test_an_agent_may_not_listen_to_a_call_of_another_team(charlies):
    call = await sync_to_async(make_call)()
    assert not await socket_of(charlies, f"calls/{call.pk}").opens()


async def test_an_agent_may_not_listen_to_a_campaign_of_another_team(charlies):
    campaign = await sync_to_async(make_campaign)()
    assert not await socket_of(charlies, f"campaigns/{campaign.pk}").opens()


@pytest.mark.parametrize(
    "topic", ["calls/unknown", "contacts", "campaigns/01a20431-0000-7000-8000-000000000000", "calls/"]
)
async def test_a_topic_that_does_not_exist_is_refused(alices, topic):
    assert not await socket_of(alices, topic).opens()


async def test_a_socket_to_an_unknown_address_is_refused(alices):
    assert not await BrowserSocket("/elsewhere").opens()


async def test_a_closed_page_leaves_no_listener_behind(alices):
    socket = socket_of(alices, "home")
    assert await socket.opens()
    await socket.leave()
    async with Redis.from_url(settings.REDIS_URL) as redis, asyncio.timeout(60):
        while dict(await redis.pubsub_numsub(channel("home")))[channel("home").encode()]:
            await asyncio.sleep(0.01)


async def test_without_redis_the_socket_closes_with_a_code_on_which_the_page_opens_another(alices):
    socket = socket_of(alices, "home")
    assert await socket.opens()
    async with Redis.from_url(settings.REDIS_URL) as redis:
        await redis.client_kill_filter(_type="pubsub")
    assert await socket.receive_output(timeout=60) == {"type": "websocket.close", "code": TRY_AGAIN_LATER}
    await socket.leave()

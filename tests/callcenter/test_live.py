"""Nudges to live pages: a request that gives one never fails for it, and hardly waits."""

import time

import pytest
from redis import Redis

from callcenter.live import LONGEST_NUDGE_SECONDS, channel, nudge, nudges
from tests.redis_servers import running_redis

A_HUNDRED = [f"calls/{number}" for number in range(100)]
"""Enough topics that to wait for each is told from waiting once, on however slow a machine."""


@pytest.fixture
def own_redis(settings):
    with running_redis() as server:
        settings.REDIS_URL = server.url
        nudges.cache_clear()
        yield server
    nudges.cache_clear()


def seconds_of(*topics):
    began = time.monotonic()
    nudge(*topics)
    return time.monotonic() - began


@pytest.mark.django_db(transaction=True)
def test_every_topic_is_told(own_redis):
    with Redis.from_url(own_redis.url).pubsub() as listener:
        listener.subscribe(channel("calls"), channel("home"))
        nudge("calls", "home")
        heard = [listener.get_message(timeout=60) for _ in range(4)]
    assert [message["channel"] for message in heard if message["type"] == "message"] == [b"live:calls", b"live:home"]


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_is_away_costs_a_request_nothing(own_redis):
    nudge("calls")
    own_redis.stop()
    assert seconds_of(*A_HUNDRED) < 100 * LONGEST_NUDGE_SECONDS / 2


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_hangs_is_waited_for_once_and_briefly(own_redis):
    nudge("calls")
    own_redis.freeze()
    assert LONGEST_NUDGE_SECONDS / 2 < seconds_of(*A_HUNDRED) < 100 * LONGEST_NUDGE_SECONDS / 2

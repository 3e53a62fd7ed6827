"""A worker of the queue `turns`, in this process: what its jobs leave behind."""

import pytest
from redis import Redis
from rq import Queue
from structlog.testing import capture_logs

from calls.conversation.dispatch import ask_for_turn, turns_queue
from tests.redis_servers import running_redis

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_redis(settings):
    with running_redis() as server:
        settings.REDIS_URL = server.url
        turns_queue.cache_clear()
        yield Redis.from_url(server.url)
    turns_queue.cache_clear()


def work(redis):
    from calls.workers import WarmWorker

    with capture_logs() as logs:
        WarmWorker([Queue("turns", connection=redis)], connection=redis).work(burst=True)
    return logs


def test_a_failed_turn_leaves_no_words_behind(own_redis):
    ask_for_turn(call_id="no call's id", sequence=1, heard="Soy Ana Ruiz")
    logs = work(own_redis)
    (told,) = [entry for entry in logs if entry["event"] == "job_failed"]
    assert (told["job"], told["error"]) == ("run_turn", "ValidationError")
    assert "Ana" not in str(logs)
    assert list(own_redis.scan_iter("rq:job:*")) == []
    assert own_redis.zcard("rq:failed:turns") == 0


def test_a_turn_that_nobody_takes_is_forgotten_with_its_words(own_redis):
    ask_for_turn(call_id="no call's id", sequence=1, heard="Soy Ana Ruiz")
    (key,) = own_redis.scan_iter("rq:job:*")
    assert 0 < own_redis.ttl(key) <= 3600

"""Redis for whoever may not wait: an answer within its time, or a `RedisError` at once."""

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def impatient_redis(seconds: float) -> Redis:
    """A client without the usual retries; connecting may take these seconds, and so may each command."""
    return Redis.from_url(
        settings.REDIS_URL, socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 0)
    )

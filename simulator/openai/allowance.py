"""Requests and tokens per minute: what is left is told with every answer, and enforced only when asked for."""

import time
from dataclasses import dataclass, field

from simulator.openai.errors import ModelRefused

TOLD_REQUESTS, TOLD_TOKENS = 30_000, 150_000_000
MINUTE_SECONDS = 60.0


@dataclass
class Bucket:
    """Refills evenly. `left` may fall to zero, never below."""

    limit: float
    left: float = field(init=False)
    read_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = self.limit

    def take(self, amount: float) -> bool:
        now = time.monotonic()
        self.left = min(self.limit, self.left + (now - self.read_at) * self.limit / MINUTE_SECONDS)
        self.read_at = now
        fits = amount <= self.left
        self.left = max(0.0, self.left - amount)
        return fits

    @property
    def reset_seconds(self) -> float:
        return (self.limit - self.left) * MINUTE_SECONDS / self.limit

    def seconds_until(self, amount: float) -> float:
        return max(0.0, amount - self.left) * MINUTE_SECONDS / self.limit


class Allowance:
    """requests_per_minute 0 enforces nothing and tells of limits that nobody reaches. Grows with the speed."""

    def __init__(self, requests_per_minute: int, speed: float) -> None:
        self._is_enforced = requests_per_minute > 0
        self._requests = Bucket((requests_per_minute or TOLD_REQUESTS) * speed)
        self._tokens = Bucket(TOLD_TOKENS * speed)

    def take(self, tokens: int) -> None:
        fits = self._requests.take(1)
        self._tokens.take(tokens)
        if self._is_enforced and not fits:
            wait = self._requests.seconds_until(1)
            message = f"Rate limit reached for requests per min (RPM): Limit {self._requests.limit:.0f}."
            raise ModelRefused(429, message, code="rate_limit_exceeded", retry_after_seconds=round(wait, 3))

    def headers(self) -> dict[str, str]:
        return bucket_headers("requests", self._requests) | bucket_headers("tokens", self._tokens)


def bucket_headers(name: str, bucket: Bucket) -> dict[str, str]:
    return {
        f"x-ratelimit-limit-{name}": f"{bucket.limit:.0f}",
        f"x-ratelimit-remaining-{name}": f"{int(bucket.left)}",
        f"x-ratelimit-reset-{name}": tell_duration(bucket.reset_seconds),
    }


def tell_duration(seconds: float) -> str:
    """In the vendor's notation: 20ms, 1.5s, 6m0s."""
    if seconds < 1:
        return f"{seconds * 1000:.0f}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}m{rest:.0f}s" if minutes else f"{rest:.3g}s"

"""The one place where the speed factor is applied."""

import asyncio
import time


class Pace:
    """Turns the seconds people would need into the seconds this process waits, and back."""

    def __init__(self, speed: float) -> None:
        self.speed = speed

    async def sleep(self, natural_seconds: float) -> None:
        await asyncio.sleep(max(0.0, natural_seconds) / self.speed)

    def wait_seconds(self, natural_seconds: float, *, at_least: float = 0.0) -> float:
        """Waits that end with somebody else's answer get a floor: speed must not shorten *their* time."""
        return max(natural_seconds / self.speed, at_least)

    def natural_since(self, monotonic_start: float) -> float:
        return (time.monotonic() - monotonic_start) * self.speed

"""How busy this process is: its processor time, and how late its loop wakes up."""

import asyncio
import resource
import time
from collections import Counter
from typing import Any

BEAT_SECONDS = 0.01
SHARES = (50, 95, 99)


class LoadMeter:
    """Lags are counted by whole milliseconds, so that a long run needs no more memory than a short one."""

    def __init__(self) -> None:
        self._lags: Counter[int] = Counter()
        self._longest = 0.0
        self._since = time.monotonic()
        self._processor_since = processor_seconds()

    async def beat_forever(self) -> None:
        while True:
            due = time.monotonic() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self.note(time.monotonic() - due)

    def note(self, lag_seconds: float) -> None:
        self._lags[int(lag_seconds * 1000)] += 1
        self._longest = max(self._longest, lag_seconds)

    def reset(self) -> None:
        self.__dict__.update(LoadMeter().__dict__)

    def body(self) -> dict[str, Any]:
        """Each percentile is the upper end of its millisecond."""
        seconds = time.monotonic() - self._since
        spent = processor_seconds() - self._processor_since
        return {
            "seconds": round(seconds, 3),
            "processor_seconds": round(spent, 3),
            "loop_lag_ms": {f"p{share}": self._percentile(share) for share in SHARES}
            | {"max": round(self._longest * 1000, 1)},
        }

    def _percentile(self, share: int) -> int | None:
        wanted = share / 100 * self._lags.total()
        for lag in sorted(self._lags):
            wanted -= self._lags[lag]
            if wanted <= 0:
                return lag + 1
        return None


def processor_seconds() -> float:
    """Of all threads of this process, in user and system mode."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

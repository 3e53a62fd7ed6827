"""The clock readings of a turn, in whole milliseconds, as staff see them."""

from callcenter import clock


class Stopwatch:
    def __init__(self, asked_at: float) -> None:
        """`asked_at` is a Unix time, taken by the door that asked, perhaps on another machine."""
        self._started = clock.monotonic()
        self._waited = max(0.0, clock.now().timestamp() - asked_at)
        self._model_asked: float | None = None
        self.readings: dict[str, int] = {"queue_ms": _ms(self._waited)}

    def model_asked(self) -> None:
        self._model_asked = clock.monotonic()

    def first_token(self) -> None:
        if self._model_asked is not None and "model_first_token_ms" not in self.readings:
            self.readings["model_first_token_ms"] = _ms(clock.monotonic() - self._model_asked)

    def words_out(self) -> None:
        self.readings.setdefault("first_words_ms", self._since_asked())

    def stop(self) -> None:
        self.readings["total_ms"] = self._since_asked()

    def _since_asked(self) -> int:
        return _ms(self._waited + clock.monotonic() - self._started)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)

"""Clock readings of one session's turns."""

import time
from dataclasses import dataclass

from simulator.timings import RelayTurn, Timings


@dataclass
class RelayTurns:
    timings: Timings
    call_sid: str
    parameters: dict[str, str]
    _waiting: RelayTurn | None = None

    def prompt_leaves(self) -> None:
        """Called right before the frame is sent."""
        self.overtake()
        self._waiting = RelayTurn(self.call_sid, dict(self.parameters), time.monotonic())
        self.timings.relay_turns.append(self._waiting)

    def answer_arrives(self, *, token: str, is_last: bool) -> None:
        turn = self._waiting
        if turn is None:
            return
        turn.answered = True
        if token and turn.first_text_at is None:
            turn.first_text_at = time.monotonic()
        if is_last:
            turn.last_text_at = time.monotonic()
            self._waiting = None

    def overtake(self) -> None:
        """No answer is due any more."""
        if self._waiting is not None and not self._waiting.answered:
            self._waiting.overtaken = True
        self._waiting = None

"""What goes wrong on purpose. Set by POST /simulator/faults, never by chance."""

import random
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Faults:
    """Shares are between 0 and 1; true and false stand for 1 and 0. None means the network's default."""

    model_delay_ms: float = 0.0
    first_token_ms: float | None = None
    tokens_per_second: float | None = None
    model_status: int = 0
    model_stream_error: bool = False
    speech_first_byte_ms: float | None = None
    speech_status: int = 0
    calls_api_delay_ms: float = 0.0
    calls_api_status: int = 0
    fail_calls_with: dict[str, int] = field(default_factory=dict)
    drop_status_callbacks: float = 0.0
    duplicate_status_callbacks: float = 0.02
    late_status_callbacks_ms: float = 0.0
    drop_relay_after_prompts: int = 0

    def update(self, changes: dict[str, Any]) -> None:
        known = {entry.name for entry in fields(self)}
        unknown = sorted(set(changes) - known)
        if unknown:
            raise ValueError(f"unknown faults: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        for name, value in changes.items():
            setattr(self, name, value)

    def reset(self) -> None:
        self.__dict__.update(Faults().__dict__)


def happens(share: float, dice: random.Random) -> bool:
    return dice.random() < float(share)

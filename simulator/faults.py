"""What goes wrong on purpose: told by a TOML file or POST /simulator/faults, never by chance alone.

A fault is written as its value, or as a table that says when it strikes:

    model_status = 500
    speech_status = { value = 429, share = 0.2, times = 3, numbers = ["+34600000001"] }
"""

import random
import tomllib
from collections import Counter
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from simulator.elevenlabs.faults import SpeechFaults
from simulator.handset.faults import HandsetFaults
from simulator.openai.faults import ModelFaults
from simulator.relay.faults import RelayFaults
from simulator.twilio.faults import CarrierFaults

LIMITS = {"value", "share", "times", "numbers"}


class FaultError(ValueError):
    """A fault that nobody knows, or a value that it cannot have."""


@dataclass
class Limit:
    """When a fault strikes: `times` counts down, None is always; without numbers, on every call."""

    share: float = 1.0
    times: int | None = None
    numbers: tuple[str, ...] = ()


@dataclass
class Faults(CarrierFaults, HandsetFaults, RelayFaults, SpeechFaults, ModelFaults):
    """Each vendor's faults stand beside its code. False, zero and None mean that all is well."""

    seed: int = 0
    _limits: dict[str, Limit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._asked: Counter[tuple[str, str]] = Counter()

    def update(self, changes: dict[str, Any]) -> None:
        """All of the changes or, when one is wrong, none: raises FaultError."""
        read = {name: read_change(name, change) for name, change in changes.items()}
        for name, (value, limit) in read.items():
            setattr(self, name, value)
            self._limits[name] = limit

    def reset(self) -> None:
        self._limits.clear()
        for name in DEFAULTS:
            setattr(self, name, default_of(name))

    def strikes(self, name: str, *, number: str = "") -> bool:
        """Whether it happens now; asking uses up one of its `times`."""
        limit = self._limits.get(name, Limit())
        if not getattr(self, name) or limit.times == 0 or (limit.numbers and number not in limit.numbers):
            return False
        if limit.share < 1 and self._throw(name, number) >= limit.share:
            return False
        if limit.times is not None:
            limit.times -= 1
        return True

    def _throw(self, name: str, number: str) -> float:
        """Each number has its own dice: the order of the calls does not change which of them are struck."""
        self._asked[name, number] += 1
        return random.Random(f"{self.seed}|{name}|{number}|{self._asked[name, number]}").random()

    def active_names(self) -> list[str]:
        return [name for name in DEFAULTS if getattr(self, name) != default_of(name)]

    def body(self) -> dict[str, Any]:
        limited = {name: vars(limit) for name, limit in self._limits.items() if limit != Limit()}
        values = {name: getattr(self, name) for name in DEFAULTS}
        return values | {name: limits | {"value": values[name]} for name, limits in limited.items()}


DEFAULTS = {entry.name: entry for entry in fields(Faults) if entry.name not in ("seed", "_limits")}


def default_of(name: str) -> Any:
    entry = DEFAULTS[name]
    return entry.default_factory() if entry.default_factory is not MISSING else entry.default


def read_change(name: str, change: Any) -> tuple[Any, Limit]:
    if name not in DEFAULTS:
        raise FaultError(f"unknown fault: {name}; known: {', '.join(sorted(DEFAULTS))}")
    if not isinstance(change, dict) or "value" not in change:
        return check_value(name, change), Limit()
    if set(change) - LIMITS:
        raise FaultError(f"{name}: a fault's table holds {', '.join(sorted(LIMITS))} only")
    times = change.get("times")
    if not isinstance(times, int | None) or isinstance(times, bool):
        raise FaultError(f"{name}: times is a whole number")
    share = check_share(name, change.get("share", 1.0))
    return check_value(name, change["value"]), Limit(share, times, tuple(map(str, change.get("numbers", ()))))


def check_share(name: str, share: Any) -> float:
    if not isinstance(share, int | float) or not 0 <= share <= 1:
        raise FaultError(f"{name}: share is a number from 0 to 1")
    return float(share)


def check_value(name: str, value: Any) -> Any:
    """Numbers may stand for each other and for true and false; texts and tables may not."""
    default = default_of(name)
    allowed: tuple[type, ...] = (int, float, type(None)) if default is None else (type(default),)
    if isinstance(default, bool | int | float):
        allowed = (bool, int, float)
    choices = DEFAULTS[name].metadata.get("choices", (value,))
    if not isinstance(value, allowed) or value not in choices:
        raise FaultError(f"{name}: {value!r} is not what this fault takes, its default is {default!r}")
    return value


def read_faults(path: Path) -> dict[str, Any]:
    """Raises FaultError."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FaultError(f"{path.name}: {error}") from error


def happens(share: float, dice: random.Random) -> bool:
    return dice.random() < float(share)

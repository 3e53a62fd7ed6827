"""Percentiles by the nearest rank, as the tables print them."""

import math
from collections.abc import Sequence


def percentiles(values: Sequence[float]) -> dict[str, float | None]:
    """p50, p95 and p99, to a tenth; None without values."""
    return {f"p{share}": _percentile(sorted(values), share) for share in (50, 95, 99)}


def _percentile(ordered: Sequence[float], share: int) -> float | None:
    if not ordered:
        return None
    return round(ordered[math.ceil(share / 100 * len(ordered)) - 1], 1)

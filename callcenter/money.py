"""Money is an integer of micro-units (one millionth of the currency unit) beside its ISO 4217 code."""

from decimal import Decimal

MICROS_PER_UNIT = 1_000_000


def to_micros(amount: Decimal) -> int:
    """Micro-units of a decimal amount, exact to six places: Decimal("0.0486") is 48_600."""
    return int((amount * MICROS_PER_UNIT).to_integral_value())


def from_micros(micros: int) -> Decimal:
    return Decimal(micros) / MICROS_PER_UNIT

"""What a minute costs, and where a number lies: prices.toml, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PRICES = Path(__file__).parent / "prices.toml"
ELSEWHERE_MICROS = 100_000
"""A started minute to a country that the table does not know."""
ADDRESS_MICROS = 4_000
"""A started minute to a SIP address or a client."""


@dataclass(frozen=True)
class Rate:
    """`origins` are the callers' prefixes for which it holds, empty for all of them; `risk` is Twilio's grouping."""

    name: str
    destinations: tuple[str, ...]
    origins: tuple[str, ...]
    micros: int
    risk: str


@dataclass(frozen=True)
class Country:
    iso: str
    name: str
    continent: str
    codes: tuple[str, ...]
    rates: tuple[Rate, ...]
    inbound_micros: dict[str, int]


@cache
def countries() -> dict[str, Country]:
    data = tomllib.loads(PRICES.read_text("utf-8"))
    return {iso: read_country(iso, entry, data["groups"]) for iso, entry in sorted(data["countries"].items())}


def read_country(iso: str, entry: dict[str, Any], groups: dict[str, list[str]]) -> Country:
    rates = tuple(read_rate(row, groups) for row in entry["outbound"])
    inbound = {kind: to_micros(price) for kind, price in entry["inbound"].items()}
    return Country(iso, entry["name"], entry["continent"], tuple(entry["codes"]), rates, inbound)


def read_rate(row: dict[str, Any], groups: dict[str, list[str]]) -> Rate:
    origins = tuple(groups[row["from"]]) if "from" in row else ()
    return Rate(row["name"], tuple(row["to"]), origins, to_micros(row["price"]), row.get("risk", "low"))


def to_micros(price: float) -> int:
    return round(price * 1_000_000)


def country_of(number: str) -> Country | None:
    """By the longest of the dialling codes; numbers that begin with +1 are all taken for American."""
    found = [(code, country) for country in countries().values() for code in country.codes if number.startswith(code)]
    return max(found, key=lambda pair: len(pair[0]))[1] if found else None


def rates_to(country: Country, number: str) -> list[Rate]:
    """Those of the longest prefix that fits, whoever calls."""
    fitting = [prefix for rate in country.rates for prefix in rate.destinations if number.startswith(prefix)]
    longest = max(fitting, key=len)
    return [rate for rate in country.rates if longest in rate.destinations]


def rate_of(number: str, *, caller: str = "") -> Rate | None:
    """A rate for the caller's own group goes before the one for everybody."""
    country = country_of(number)
    if country is None:
        return None
    fitting = [rate for rate in rates_to(country, number) if not rate.origins or caller.startswith(rate.origins)]
    return max(fitting, key=lambda rate: bool(rate.origins))


def minute_micros(number: str, *, caller: str) -> int:
    if not number.startswith("+"):
        return ADDRESS_MICROS
    rate = rate_of(number, caller=caller)
    return rate.micros if rate else ELSEWHERE_MICROS

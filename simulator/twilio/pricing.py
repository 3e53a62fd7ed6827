"""Twilio's price list: https://www.twilio.com/docs/voice/pricing."""

from typing import Any

from aiohttp import web

from simulator.network import NETWORK
from simulator.twilio.errors import TwilioError
from simulator.twilio.listing import meta_page
from simulator.twilio.rates import Country, Rate, countries, country_of, rate_of, rates_to

VOICE = "/v2/Voice"
ANYBODY = ["ALL"]
"""How origination_prefixes names callers from everywhere; the word is not documented."""


def usd(micros: int) -> str:
    return f"{micros / 1_000_000:.4f}"


def prices(rate: Rate) -> dict[str, Any]:
    """The base price is the list's, the current one this account's; here they are the same."""
    return {
        "friendly_name": rate.name,
        "origination_prefixes": bare(rate.origins) or ANYBODY,
        "base_price": usd(rate.micros),
        "current_price": usd(rate.micros),
    }


def bare(prefixes: tuple[str, ...]) -> list[str]:
    return [prefix.lstrip("+") for prefix in prefixes]


def country_body(country: Country, base_url: str) -> dict[str, Any]:
    inbound = country.inbound_micros.items()
    return {
        "country": country.name,
        "iso_country": country.iso,
        "price_unit": "USD",
        "outbound_prefix_prices": [
            prices(rate) | {"destination_prefixes": bare(rate.destinations)} for rate in country.rates
        ],
        "inbound_call_prices": [
            {"number_type": kind, "base_price": usd(micros), "current_price": usd(micros)} for kind, micros in inbound
        ],
        "url": f"{base_url}{VOICE}/Countries/{country.iso}",
    }


async def list_countries(request: web.Request) -> web.Response:
    base_url = request.app[NETWORK].base_url
    rows = [
        {"country": country.name, "iso_country": iso, "url": f"{base_url}{VOICE}/Countries/{iso}"}
        for iso, country in countries().items()
    ]
    return web.json_response(meta_page("countries", rows, request.query, base_url + request.path))


async def fetch_country(request: web.Request) -> web.Response:
    country = countries().get(request.match_info["iso"].upper())
    if country is None:
        raise TwilioError(20404)
    return web.json_response(country_body(country, request.app[NETWORK].base_url))


async def fetch_number(request: web.Request) -> web.Response:
    """With OriginationNumber the price for that caller, without it those for all."""
    number, caller = request.match_info["number"], request.query.get("OriginationNumber", "")
    country = country_of(number)
    if country is None:
        raise TwilioError(20404)
    rate = rate_of(number, caller=caller) if caller else None
    body = {
        "destination_number": number,
        "origination_number": caller or None,
        "country": country.name,
        "iso_country": country.iso,
        "outbound_call_prices": [prices(entry) for entry in ([rate] if rate else rates_to(country, number))],
        "inbound_call_price": None,
        "price_unit": "USD",
        "url": f"{request.app[NETWORK].base_url}{VOICE}/Numbers/{number}",
    }
    return web.json_response(body)


routes = [
    web.get(VOICE + "/Countries", list_countries),
    web.get(VOICE + "/Countries/{iso}", fetch_country),
    web.get(VOICE + "/Numbers/{number}", fetch_number),
]

"""REST for Voice Geographic Permissions: https://www.twilio.com/docs/voice/api/dialingpermissions-resources."""

import json
from typing import Any

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.errors import TwilioError
from simulator.twilio.listing import meta_page
from simulator.twilio.permissions import FLAG_OF_RISK
from simulator.twilio.rates import Country, countries

ROOT = "/v1/DialingPermissions"
FORM_FLAGS = {
    flag: "".join(word.capitalize() for word in flag.split("_")) for flag in FLAG_OF_RISK.values()
}  # low_risk_numbers_enabled -> LowRiskNumbersEnabled


def country_body(network: Network, country: Country) -> dict[str, Any]:
    url = f"{network.base_url}{ROOT}/Countries/{country.iso}"
    flags = network.account.permissions.flags(country)
    return {
        "iso_code": country.iso,
        "name": country.name,
        "continent": country.continent,
        "country_codes": list(country.codes),
        **flags,
        "url": url,
        "links": {"highrisk_special_prefixes": f"{url}/HighRiskSpecialPrefixes"},
    }


async def list_countries(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    bodies = [country_body(network, country) for country in countries().values()]
    rows = [body for body in bodies if is_wanted(body, request)]
    return web.json_response(meta_page("content", rows, request.query, network.base_url + request.path))


def is_wanted(body: dict[str, Any], request: web.Request) -> bool:
    query = request.query
    wanted = {"iso_code": query.get("IsoCode"), "continent": query.get("Continent")}
    flags = {flag: query.get(name) for flag, name in FORM_FLAGS.items()}
    code = query.get("CountryCode")
    return (
        all(value in (None, body[name]) for name, value in wanted.items())
        and all(value in (None, str(body[flag]).lower()) for flag, value in flags.items())
        and (code is None or f"+{code.lstrip('+')}" in body["country_codes"])
    )


async def fetch_country(request: web.Request) -> web.Response:
    return web.json_response(country_body(request.app[NETWORK], find_country(request)))


async def list_special_prefixes(request: web.Request) -> web.Response:
    network, country = request.app[NETWORK], find_country(request)
    prefixes = [prefix for rate in country.rates if rate.risk == "special" for prefix in rate.destinations]
    rows = [{"prefix": prefix} for prefix in prefixes]
    return web.json_response(meta_page("content", rows, request.query, network.base_url + request.path))


def find_country(request: web.Request) -> Country:
    country = countries().get(request.match_info["iso"].upper())
    if country is None:
        raise TwilioError(20404)
    return country


async def update_countries(request: web.Request) -> web.Response:
    """UpdateRequest is a JSON list of countries, each with its iso_code and all three flags as texts or booleans."""
    network, text = request.app[NETWORK], str((await request.post()).get("UpdateRequest", ""))
    try:
        changes = [read_change(entry) for entry in json.loads(text)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TwilioError(20422, f"UpdateRequest is not valid: {error}") from error
    for iso, flags in changes:
        network.account.permissions.change(iso, flags)
    return web.json_response({"update_count": len(changes), "update_request": text}, status=201)


def read_change(entry: dict[str, Any]) -> tuple[str, dict[str, bool]]:
    """Raises KeyError for a country that there is not."""
    iso = str(entry["iso_code"]).upper()
    flags = {name: str(value).lower() == "true" for name, value in entry.items() if name in FORM_FLAGS}
    return countries()[iso].iso, flags


async def show_settings(request: web.Request) -> web.Response:
    url = f"{request.app[NETWORK].base_url}/v1/Settings"
    return web.json_response({"dialing_permissions_inheritance": False, "url": url})


routes = [
    web.get(ROOT + "/Countries", list_countries),
    web.get(ROOT + "/Countries/{iso}", fetch_country),
    web.get(ROOT + "/Countries/{iso}/HighRiskSpecialPrefixes", list_special_prefixes),
    web.post(ROOT + "/BulkCountryUpdates", update_countries),
    web.get("/v1/Settings", show_settings),
]

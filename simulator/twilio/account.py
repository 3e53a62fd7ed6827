"""The account itself: state, balance, numbers owned."""

import hashlib

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.api import PREFIX
from simulator.twilio.call_record import API_VERSION, rfc2822
from simulator.twilio.listing import page_body

OPENING_BALANCE_MICROS = 500_000_000
OWNED_NUMBERS = ("+34910000000", "+34930000000", "+12125550100", "+525550000000")


async def show_account(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    sid, created = network.options.account_sid, rfc2822(network.started_at)
    uri = f"/{API_VERSION}/Accounts/{sid}"
    body = {
        "sid": sid,
        "friendly_name": "Practice phone network",
        "status": "active",
        "type": "Full",
        "owner_account_sid": sid,
        "auth_token": network.options.auth_token,
        "date_created": created,
        "date_updated": created,
        "uri": f"{uri}.json",
        "subresource_uris": {"calls": f"{uri}/Calls.json", "recordings": f"{uri}/Recordings.json"},
    }
    return web.json_response(body)


async def show_balance(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    balance = f"{balance_micros(network) / 1_000_000:.5f}"
    return web.json_response({"account_sid": network.options.account_sid, "balance": balance, "currency": "USD"})


def balance_micros(network: Network) -> int:
    return OPENING_BALANCE_MICROS - sum(call.price_micros() for call in network.calls.values())


async def list_numbers(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    rows = [number_body(network, number) for number in OWNED_NUMBERS]
    wanted = request.query.get("PhoneNumber", "")
    rows = [row for row in rows if wanted in str(row["phone_number"])]
    return web.json_response(page_body("incoming_phone_numbers", rows, request.query, request.path))


def number_body(network: Network, number: str) -> dict[str, object]:
    sid = "PN" + hashlib.md5(number.encode(), usedforsecurity=False).hexdigest()
    return {
        "sid": sid,
        "account_sid": network.options.account_sid,
        "phone_number": number,
        "friendly_name": number,
        "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False},
        "voice_url": "",
        "status_callback": "",
        "date_created": rfc2822(network.started_at),
        "uri": f"/{API_VERSION}/Accounts/{network.options.account_sid}/IncomingPhoneNumbers/{sid}.json",
    }


routes = [
    web.get(PREFIX + ".json", show_account),
    web.get(PREFIX + "/Balance.json", show_balance),
    web.get(PREFIX + "/IncomingPhoneNumbers.json", list_numbers),
]

"""REST for the numbers that the account owns, and for the caller ids that it has verified."""

from collections.abc import Callable

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.account import find_by_sid, stable_sid
from simulator.twilio.call_record import API_VERSION, rfc2822
from simulator.twilio.gate import PREFIX
from simulator.twilio.listing import page_body

Body = dict[str, object]
UNSET: Body = {
    "voice_url": "",
    "voice_method": "POST",
    "voice_fallback_url": "",
    "voice_fallback_method": "POST",
    "voice_caller_id_lookup": False,
    "voice_application_sid": "",
    "voice_receive_mode": "voice",
    "status_callback": "",
    "status_callback_method": "POST",
    "sms_url": "",
    "sms_method": "POST",
    "sms_fallback_url": "",
    "sms_fallback_method": "POST",
    "sms_application_sid": "",
    "trunk_sid": None,
    "address_requirements": "none",
    "address_sid": None,
    "bundle_sid": None,
    "identity_sid": None,
    "emergency_status": "Inactive",
    "emergency_address_sid": None,
    "emergency_address_status": "unregistered",
    "beta": False,
    "origin": "twilio",
    "status": "in-use",
    "type": None,
}
"""Of a number that was bought and never configured: here nobody calls in."""


def resource(network: Network, folder: str, sid: str, number: str) -> Body:
    """What both kinds of number have."""
    created = rfc2822(network.started_at)
    return {
        "sid": sid,
        "account_sid": network.account.sid,
        "phone_number": number,
        "friendly_name": number,
        "date_created": created,
        "date_updated": created,
        "uri": f"/{API_VERSION}/Accounts/{network.account.sid}/{folder}/{sid}.json",
    }


def owned_body(network: Network, number: str) -> Body:
    own = {"api_version": API_VERSION, "capabilities": {"voice": True, "sms": False, "mms": False, "fax": False}}
    return resource(network, "IncomingPhoneNumbers", stable_sid("PN", number), number) | UNSET | own


def verified_body(network: Network, number: str) -> Body:
    return resource(network, "OutgoingCallerIds", stable_sid("PN", number), number)


def matching(
    request: web.Request,
    key: str,
    numbers: tuple[str, ...],
    body: Callable[[Network, str], Body],
) -> web.Response:
    """PhoneNumber asks for a part of the number, FriendlyName for the whole name."""
    rows = [body(request.app[NETWORK], number) for number in numbers]
    part, name = request.query.get("PhoneNumber", "").replace("*", ""), request.query.get("FriendlyName")
    found = [row for row in rows if part in str(row["phone_number"]) and name in (None, row["friendly_name"])]
    return web.json_response(page_body(key, found, request.query, request.path))


async def list_owned(request: web.Request) -> web.Response:
    return matching(request, "incoming_phone_numbers", request.app[NETWORK].account.owned_numbers, owned_body)


async def fetch_owned(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    number = find_by_sid(network.account.owned_numbers, "PN", request.match_info["sid"])
    return web.json_response(owned_body(network, number))


async def list_verified(request: web.Request) -> web.Response:
    return matching(request, "outgoing_caller_ids", request.app[NETWORK].account.caller_ids, verified_body)


async def fetch_verified(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    number = find_by_sid(network.account.caller_ids, "PN", request.match_info["sid"])
    return web.json_response(verified_body(network, number))


routes = [
    web.get(PREFIX + "/IncomingPhoneNumbers.json", list_owned),
    web.get(PREFIX + r"/IncomingPhoneNumbers/{sid:PN\w+}.json", fetch_owned),
    web.get(PREFIX + "/OutgoingCallerIds.json", list_verified),
    web.get(PREFIX + r"/OutgoingCallerIds/{sid:PN\w+}.json", fetch_verified),
]

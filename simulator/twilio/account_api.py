"""REST for the account and its balance, and the network's own door to change them."""

import json
from dataclasses import asdict

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.account_file import CHOICES, AccountFileError
from simulator.twilio.call_record import API_VERSION, rfc2822
from simulator.twilio.charges import settle
from simulator.twilio.errors import TwilioError
from simulator.twilio.gate import PREFIX
from simulator.twilio.listing import page_body

SUBRESOURCES = {
    "applications": "Applications",
    "balance": "Balance",
    "calls": "Calls",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "notifications": "Notifications",
    "outgoing_caller_ids": "OutgoingCallerIds",
    "recordings": "Recordings",
}


def account_body(network: Network) -> dict[str, object]:
    account, created = network.account, rfc2822(network.started_at)
    uri = f"/{API_VERSION}/Accounts/{account.sid}"
    return {
        "sid": account.sid,
        "friendly_name": account.settings.friendly_name,
        "status": account.settings.status,
        "type": account.settings.type,
        "owner_account_sid": account.sid,
        "auth_token": account.auth_token,
        "date_created": created,
        "date_updated": created,
        "uri": f"{uri}.json",
        "subresource_uris": {name: f"{uri}/{path}.json" for name, path in SUBRESOURCES.items()},
    }


async def show_account(request: web.Request) -> web.Response:
    return web.json_response(account_body(request.app[NETWORK]))


async def list_accounts(request: web.Request) -> web.Response:
    body = account_body(request.app[NETWORK])
    wanted = {"friendly_name": request.query.get("FriendlyName"), "status": request.query.get("Status")}
    rows = [body] if all(value in (None, body[name]) for name, value in wanted.items()) else []
    return web.json_response(page_body("accounts", rows, request.query, request.path))


async def update_account(request: web.Request) -> web.Response:
    """A new name, or another status: what Twilio allows for subaccounts is here the way to suspend the only one."""
    network, form = request.app[NETWORK], await request.post()
    changes = {"friendly_name": form.get("FriendlyName"), "status": form.get("Status")}
    if changes["status"] not in (None, *CHOICES["status"]):
        raise TwilioError(20422, "Status is not valid")
    network.account.change({name: value for name, value in changes.items() if value})
    return web.json_response(account_body(network))


async def show_balance(request: web.Request) -> web.Response:
    account = request.app[NETWORK].account
    settle(request.app[NETWORK])
    balance = f"{account.balance_micros() / 1_000_000:.5f}"
    return web.json_response({"account_sid": account.sid, "balance": balance, "currency": "USD"})


async def show_settings(request: web.Request) -> web.Response:
    """Without the secrets."""
    settings = asdict(request.app[NETWORK].account.settings)
    hidden = {name: list(settings[name]) for name in ("api_keys", "test_credentials")}
    return web.json_response(settings | hidden)


async def change_settings(request: web.Request) -> web.Response:
    try:
        changes = await request.json()
        request.app[NETWORK].account.change(changes)
    except (AccountFileError, json.JSONDecodeError, AttributeError) as error:
        body = json.dumps({"error": str(error)})
        raise web.HTTPBadRequest(text=body, content_type="application/json") from error
    return await show_settings(request)


routes = [
    web.get(f"/{API_VERSION}/Accounts.json", list_accounts),
    web.get(PREFIX + ".json", show_account),
    web.post(PREFIX + ".json", update_account),
    web.get(PREFIX + "/Balance.json", show_balance),
    web.get("/simulator/account", show_settings),
    web.post("/simulator/account", change_settings),
]

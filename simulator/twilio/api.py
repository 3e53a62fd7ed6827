"""Twilio's REST API for calls: https://www.twilio.com/docs/voice/api/call-resource."""

import asyncio
import base64
import binascii
import hmac
from typing import Any

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import check_url, read_call_request, read_callback
from simulator.twilio.errors import TwilioError
from simulator.twilio.listing import filter_calls, page_body

PREFIX = "/2010-04-01/Accounts/{account_sid}"


@web.middleware
async def twilio_gate(request: web.Request, handler: Any) -> web.StreamResponse:
    """Checks the account, and puts every refusal into Twilio's words."""
    if not request.path.startswith("/2010-04-01/"):
        return await handler(request)
    try:
        check_credentials(request)
        await suffer_faults(request.app[NETWORK])
        response: web.StreamResponse = await handler(request)
        return response
    except TwilioError as error:
        return error.response()
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        return TwilioError(20404 if error.status == 404 else 20004).response()


def check_credentials(request: web.Request) -> None:
    options = request.app[NETWORK].options
    user, password = read_basic_auth(request.headers.get("Authorization", ""))
    same = hmac.compare_digest(password.encode(), options.auth_token.encode())
    if user != options.account_sid or not same:
        raise TwilioError(20003)
    if f"/Accounts/{options.account_sid}" not in request.path:
        raise TwilioError(20404)


def read_basic_auth(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


async def suffer_faults(network: Network) -> None:
    if network.faults.strikes("calls_api_delay_ms"):
        await asyncio.sleep(network.faults.calls_api_delay_ms / 1000)
    if network.faults.strikes("calls_api_status"):
        raise TwilioError({429: 20429, 500: 20500, 503: 20503}.get(network.faults.calls_api_status, 20001))


async def create_call(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    wanted = read_call_request(await request.post())
    call = network.exchange.accept(wanted)
    return web.json_response(call.body(speed=network.pace.speed), status=201)


async def list_calls(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    found = filter_calls(list(network.calls.values()), request.query)
    rows = [call.body(speed=network.pace.speed) for call in found]
    return web.json_response(page_body("calls", rows, request.query, request.path))


async def fetch_call(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    return web.json_response(find_call(request).body(speed=network.pace.speed))


async def update_call(request: web.Request) -> web.Response:
    """Hang up (Status) or redirect (Url or Twiml) a call."""
    network = request.app[NETWORK]
    call, form = find_call(request), await request.post()
    status = form.get("Status", "")
    if status not in ("", "canceled", "completed"):
        raise TwilioError(20001, f"Invalid Status: {status!s}")
    if status:
        network.exchange.end(call, str(status))
    else:
        redirect_call(network, call, form)
    return web.json_response(call.body(speed=network.pace.speed))


def redirect_call(network: Network, call: CallRecord, form: Any) -> None:
    target, twiml = read_callback(form, "Url", method_name="Method"), form.get("Twiml", "")
    if target:
        check_url(target.url)
    if not target and not twiml:
        raise TwilioError(21205)
    handset = network.handsets.get(call.sid)
    if handset is None or call.status != "in-progress":
        raise TwilioError(21220)
    handset.redirect(target or twiml)


async def delete_call(request: web.Request) -> web.Response:
    call = find_call(request)
    if not call.is_final:
        raise TwilioError(20009)
    call.is_deleted = True
    return web.Response(status=204)


def find_call(request: web.Request) -> CallRecord:
    call = request.app[NETWORK].calls.get(request.match_info["call_sid"])
    if call is None or call.is_deleted:
        raise TwilioError(20404)
    return call


routes = [
    web.post(PREFIX + "/Calls.json", create_call),
    web.get(PREFIX + "/Calls.json", list_calls),
    web.get(PREFIX + r"/Calls/{call_sid:CA\w+}.json", fetch_call),
    web.post(PREFIX + r"/Calls/{call_sid:CA\w+}.json", update_call),
    web.delete(PREFIX + r"/Calls/{call_sid:CA\w+}.json", delete_call),
]

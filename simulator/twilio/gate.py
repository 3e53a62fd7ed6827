"""Before every REST request: who asks, whether the account may, and what goes wrong on purpose."""

import asyncio
import base64
import binascii
import socket
import struct
from typing import Any

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.call_record import make_sid
from simulator.twilio.charges import settle
from simulator.twilio.errors import TwilioError, gateway_page

PREFIX = "/2010-04-01/Accounts/{account_sid}"
PATHS = ("/2010-04-01/", "/v1/", "/v2/")
CODE_OF_STATUS = {401: 20003, 404: 20404, 429: 20429, 500: 20500, 503: 20503}
OPEN_TO_TESTERS = "/Calls.json"
ABORT_AT_ONCE = struct.pack("ii", 1, 0)


@web.middleware
async def twilio_gate(request: web.Request, handler: Any) -> web.StreamResponse:
    """Counts the requests under way, and puts every refusal into Twilio's words."""
    if not request.path.startswith(PATHS):
        return await handler(request)
    network = request.app[NETWORK]
    network.account.requests_at_once += 1
    try:
        response = await answer(request, handler)
        response.headers["Twilio-Concurrent-Requests"] = str(network.account.requests_at_once)
        response.headers["Twilio-Request-Id"] = make_sid("RQ")
        return response
    finally:
        network.account.requests_at_once -= 1


async def answer(request: web.Request, handler: Any) -> web.StreamResponse:
    network = request.app[NETWORK]
    try:
        check_credentials(request)
        if network.account.requests_at_once > network.account.settings.api_concurrency:
            raise TwilioError(20429)
        if request.method == "DELETE":
            settle(network)
        await check_body(request)
        spoiled = await suffer_faults(network, request, handler)
        return spoiled or await handler(request)
    except TwilioError as error:
        return error.response()
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        return TwilioError(20404 if error.status == 404 else 20004).response()


async def check_body(request: web.Request) -> None:
    """A form that cannot be read, or that holds files; the code of that refusal is not documented."""
    try:
        form = await request.post()
    except ValueError as error:
        raise TwilioError(20001, "The body of the request is no form") from error
    if not all(isinstance(value, str) for value in form.values()):
        raise TwilioError(20001, "Files cannot be sent here")


def check_credentials(request: web.Request) -> None:
    """A suspended account may still be looked at and activated; Twilio does not document what else it may."""
    account = request.app[NETWORK].account
    user, password = read_basic_auth(request.headers.get("Authorization", ""))
    if account.knows_tester(user, password):
        check_tester(request, user)
        return
    if not account.knows(user, password):
        raise TwilioError(20003)
    check_path(request, account.sid)
    if request.path != f"/2010-04-01/Accounts/{account.sid}.json":
        account.check_active()


def check_tester(request: web.Request, sid: str) -> None:
    check_path(request, sid)
    if request.method != "POST" or not request.path.endswith(OPEN_TO_TESTERS):
        raise TwilioError(20008)
    request["is_tester"] = True


def check_path(request: web.Request, sid: str) -> None:
    """The newer interfaces name no account in their paths."""
    named = request.match_info.get("account_sid", sid)
    if named != sid:
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


async def suffer_faults(network: Network, request: web.Request, handler: Any) -> web.StreamResponse | None:
    """The answer that takes the place of the right one, if any."""
    faults, number = network.faults, await number_called(request)
    if faults.strikes("calls_api_delay_ms", number=number):
        await asyncio.sleep(faults.calls_api_delay_ms / 1000)
    if faults.strikes("calls_api_status", number=number):
        return status_alone(int(faults.calls_api_status))
    if faults.strikes("calls_api_error", number=number):
        raise TwilioError(int(faults.calls_api_error))
    if faults.strikes("calls_api_problem", number=number):
        return TwilioError(int(faults.calls_api_problem)).problem()
    if faults.strikes("calls_api_hangs", number=number):
        return await fall_silent(request, handler, faults.calls_api_hangs)
    if faults.strikes("calls_api_resets", number=number):
        return await break_off(request, handler, faults.calls_api_resets)
    return None


async def number_called(request: web.Request) -> str:
    return str((await request.post()).get("To", "")) if request.method == "POST" else ""


def status_alone(status: int) -> web.Response:
    code = CODE_OF_STATUS.get(status)
    return TwilioError(code).response() if code else gateway_page(status)


async def fall_silent(request: web.Request, handler: Any, when: str) -> web.StreamResponse:
    """Until whoever asked has lost patience: the server then cancels this task."""
    await carry_out(request, handler, when)
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def break_off(request: web.Request, handler: Any, when: str) -> web.StreamResponse:
    await carry_out(request, handler, when)
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT_AT_ONCE)
        request.transport.abort()
    return web.Response(status=500)


async def carry_out(request: web.Request, handler: Any, when: str) -> None:
    if when == "after":
        await handler(request)

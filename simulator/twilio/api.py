"""Twilio's REST API for calls: https://www.twilio.com/docs/voice/api/call-resource."""

from functools import partial
from typing import Any

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.call_form import check_trial_form, read_call_request, redirect_target
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import read_callback, read_number
from simulator.twilio.errors import TwilioError
from simulator.twilio.gate import PREFIX
from simulator.twilio.listing import filter_calls, page_body, read_count
from simulator.twilio.magic_numbers import practise_call


async def create_call(request: web.Request) -> web.Response:
    network, form = request.app[NETWORK], await request.post()
    if network.account.is_trial:
        check_trial_form(form, own_urls=network.account.settings.trial_own_urls)
    wanted = read_call_request(form, network.applications)
    if request.get("is_tester"):
        call = practise_call(wanted, request.match_info["account_sid"])
    else:
        call = network.exchange.accept(wanted)
    return web.json_response(call.body(speed=network.pace.speed), status=201)


async def list_calls(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    found = filter_calls(list(network.calls.values()), request.query)
    failing = int(network.faults.calls_list_error_page)
    if failing == read_count(request.query, "Page", 0) + 1 and network.faults.strikes("calls_list_error_page"):
        raise TwilioError(20500)
    show = partial(CallRecord.body, speed=network.pace.speed)
    return web.json_response(page_body("calls", found, request.query, request.path, show))


async def fetch_call(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    return web.json_response(find_call(request).body(speed=network.pace.speed))


async def update_call(request: web.Request) -> web.Response:
    """Hang up (Status) or redirect (Url or Twiml) a call, or change where its news go and how long it may last."""
    network, call, form = request.app[NETWORK], find_call(request), await request.post()
    status, target = str(form.get("Status", "")), redirect_target(form)
    if status not in ("", "canceled", "completed"):
        raise TwilioError(20001, f"Invalid Status: {status}")
    has_changes = bool(form.get("StatusCallback") or form.get("TimeLimit"))
    if not (status or target or has_changes):
        raise TwilioError(21205)
    if has_changes:
        change_call(network, call, form)
    if status:
        await network.exchange.end(call, status)
    elif target:
        network.exchange.redirect(call, target)
    return web.json_response(call.body(speed=network.pace.speed))


def change_call(network: Network, call: CallRecord, form: Any) -> None:
    if call.is_final:
        raise TwilioError(21220)
    limit = read_number(form, "TimeLimit", 0, code=20422)
    news = read_callback(form, "StatusCallback")
    if news:
        network.exchange.send_news_to(call, news)
    if limit:
        network.exchange.limit_time(call, limit)


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


CALL = PREFIX + r"/Calls/{call_sid:CA\w+}.json"
routes = [
    web.post(PREFIX + "/Calls.json", create_call),
    web.get(PREFIX + "/Calls.json", list_calls),
    web.get(CALL, fetch_call),
    web.post(CALL, update_call),
    web.delete(CALL, delete_call),
]

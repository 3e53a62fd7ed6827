"""What Twilio's debugger tells of calls that went astray: alerts, and the older notifications."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.twilio.alarm import Alarm, alarms_of
from simulator.twilio.api import find_call
from simulator.twilio.call_record import API_VERSION, rfc2822
from simulator.twilio.errors import TwilioError
from simulator.twilio.gate import PREFIX
from simulator.twilio.listing import meta_page, page_body, read_moment

ERROR_LOG, WARNING_LOG = "0", "1"


def all_alarms(network: Network) -> Iterator[Alarm]:
    """Those of the newest call first."""
    for call in reversed(network.calls.values()):
        yield from alarms_of(call)


def alert_body(network: Network, alarm: Alarm, *, whole: bool = False) -> dict[str, Any]:
    level = "warning" if alarm.is_warning else "error"
    text = {"ErrorCode": alarm.code, "LogLevel": level.upper(), "Msg": alarm.text, "url": alarm.address}
    seen, at = alarm.exchange(), iso(alarm.at)
    body = {
        "sid": alarm.sid,
        "account_sid": network.account.sid,
        "service_sid": None,
        "resource_sid": alarm.call.sid,
        "alert_text": urlencode(text),
        "api_version": API_VERSION,
        "error_code": alarm.code,
        "log_level": level,
        "more_info": alarm.more_info,
        "request_method": seen["request"]["method"],
        "request_url": seen["request"]["url"],
        "date_created": at,
        "date_generated": at,
        "date_updated": at,
        "url": f"{network.base_url}/v1/Alerts/{alarm.sid}",
    }
    return body | (details(alarm) | {"request_headers": None} if whole else {})


def details(alarm: Alarm) -> dict[str, Any]:
    """Told of one alarm, not in lists."""
    seen = alarm.exchange()
    return {
        "request_variables": urlencode(seen["request"]["parameters"]),
        "response_headers": None,
        "response_body": seen["response"].get("response_body"),
    }


def notification_body(network: Network, alarm: Alarm, *, whole: bool = False) -> dict[str, Any]:
    seen, at = alarm.exchange(), rfc2822(alarm.at)
    body = {
        "sid": alarm.sid,
        "account_sid": network.account.sid,
        "call_sid": alarm.call.sid,
        "api_version": API_VERSION,
        "error_code": alarm.code,
        "log": WARNING_LOG if alarm.is_warning else ERROR_LOG,
        "message_text": alarm.text,
        "more_info": alarm.more_info,
        "request_method": seen["request"]["method"],
        "request_url": seen["request"]["url"],
        "message_date": at,
        "date_created": at,
        "date_updated": at,
        "uri": f"/{API_VERSION}/Accounts/{network.account.sid}/Notifications/{alarm.sid}.json",
    }
    return body | (details(alarm) if whole else {})


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


async def list_alerts(request: web.Request) -> web.Response:
    network, query = request.app[NETWORK], request.query
    since, until = query.get("StartDate"), query.get("EndDate")
    found = [
        alarm
        for alarm in all_alarms(network)
        if query.get("LogLevel") in (None, "warning" if alarm.is_warning else "error")
        and (not since or alarm.at >= read_moment(since))
        and (not until or alarm.at <= read_moment(until))
    ]
    rows = [alert_body(network, alarm) for alarm in found]
    return web.json_response(meta_page("alerts", rows, query, network.base_url + request.path))


async def fetch_alert(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    return web.json_response(alert_body(network, find_alarm(request), whole=True))


async def list_notifications(request: web.Request) -> web.Response:
    network, log = request.app[NETWORK], request.query.get("Log")
    of_one_call = "call_sid" in request.match_info
    alarms = alarms_of(find_call(request)) if of_one_call else all_alarms(network)
    rows = [notification_body(network, alarm) for alarm in alarms]
    found = [row for row in rows if log in (None, row["log"])]
    return web.json_response(page_body("notifications", found, request.query, request.path))


async def fetch_notification(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    return web.json_response(notification_body(network, find_alarm(request), whole=True))


def find_alarm(request: web.Request) -> Alarm:
    sid = request.match_info["sid"]
    for alarm in all_alarms(request.app[NETWORK]):
        if alarm.sid == sid:
            return alarm
    raise TwilioError(20404)


OF_CALL = PREFIX + r"/Calls/{call_sid:CA\w+}"
NOTIFICATION = r"/Notifications/{sid:NO\w+}.json"
routes = [
    web.get("/v1/Alerts", list_alerts),
    web.get(r"/v1/Alerts/{sid:NO\w+}", fetch_alert),
    web.get(PREFIX + "/Notifications.json", list_notifications),
    web.get(PREFIX + NOTIFICATION, fetch_notification),
    web.get(OF_CALL + "/Notifications.json", list_notifications),
    web.get(OF_CALL + NOTIFICATION, fetch_notification),
]

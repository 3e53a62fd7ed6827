"""REST for TwiML applications: https://www.twilio.com/docs/usage/api/applications."""

from dataclasses import fields
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from simulator.network import NETWORK
from simulator.twilio.application_record import ApplicationRecord
from simulator.twilio.call_record import utc_now
from simulator.twilio.call_request import check_url, read_flag, read_method
from simulator.twilio.errors import TwilioError
from simulator.twilio.gate import PREFIX
from simulator.twilio.listing import page_body

FIXED = ("sid", "account_sid", "created_at", "updated_at")
FORM_NAMES = {
    entry.name: "".join(word.capitalize() for word in entry.name.split("_"))
    for entry in fields(ApplicationRecord)
    if entry.name not in FIXED
}


def change(application: ApplicationRecord, form: MultiMapping[Any]) -> None:
    for name, form_name in FORM_NAMES.items():
        if form_name in form:
            setattr(application, name, read_field(name, form_name, form))
    application.updated_at = utc_now()


def read_field(name: str, form_name: str, form: MultiMapping[Any]) -> str | bool:
    value = str(form[form_name])
    if name.endswith("method"):
        return read_method(form, form_name)
    if name in ("voice_caller_id_lookup", "public_application_connect_enabled"):
        return read_flag(form, form_name)
    if value and name.endswith(("url", "callback")):
        check_url(value)
    return value


async def create(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    application = ApplicationRecord(network.account.sid)
    change(application, await request.post())
    network.applications[application.sid] = application
    return web.json_response(application.body(), status=201)


async def list_all(request: web.Request) -> web.Response:
    wanted = request.query.get("FriendlyName")
    applications = reversed(request.app[NETWORK].applications.values())
    rows = [entry.body() for entry in applications if wanted in (None, entry.friendly_name)]
    return web.json_response(page_body("applications", rows, request.query, request.path))


async def fetch(request: web.Request) -> web.Response:
    return web.json_response(find(request).body())


async def update(request: web.Request) -> web.Response:
    application = find(request)
    change(application, await request.post())
    return web.json_response(application.body())


async def delete(request: web.Request) -> web.Response:
    del request.app[NETWORK].applications[find(request).sid]
    return web.Response(status=204)


def find(request: web.Request) -> ApplicationRecord:
    application = request.app[NETWORK].applications.get(request.match_info["sid"])
    if application is None:
        raise TwilioError(20404)
    return application


ONE = PREFIX + r"/Applications/{sid:AP\w+}.json"
routes = [
    web.post(PREFIX + "/Applications.json", create),
    web.get(PREFIX + "/Applications.json", list_all),
    web.get(ONE, fetch),
    web.post(ONE, update),
    web.delete(ONE, delete),
]

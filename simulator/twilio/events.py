"""Every webhook of a call with its answer: https://www.twilio.com/docs/voice/api/call-event-resource."""

from aiohttp import web

from simulator.twilio.api import find_call
from simulator.twilio.gate import PREFIX
from simulator.twilio.listing import page_body


async def list_events(request: web.Request) -> web.Response:
    call = find_call(request)
    return web.json_response(page_body("events", call.events, request.query, request.path))


routes = [web.get(PREFIX + r"/Calls/{call_sid:CA\w+}/Events.json", list_events)]

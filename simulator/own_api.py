"""What the network tells about itself, and how it is steered: for demo, tests, benchmarks and soak."""

import json
from typing import Any

from aiohttp import web

from simulator.faults import FaultError
from simulator.network import NETWORK
from simulator.people.persona import PersonaError


async def identify(request: web.Request) -> web.Response:
    options = request.app[NETWORK].options
    return web.json_response(
        {"simulator": True, "speed": options.speed, "seed": options.seed, "account_sid": options.account_sid}
    )


async def list_calls(request: web.Request) -> web.Response:
    """All of them, or those whose `sid`, `to` or `status` is asked for."""
    calls = request.app[NETWORK].calls.values()
    wanted = {name: request.query[name] for name in ("sid", "to", "status") if name in request.query}
    found = [call for call in calls if all(getattr(call, name) == value for name, value in wanted.items())]
    return web.json_response({"calls": [call.summary() for call in found]})


async def show_timings(request: web.Request) -> web.Response:
    return web.json_response(request.app[NETWORK].timings.body())


async def reset_timings(request: web.Request) -> web.Response:
    request.app[NETWORK].timings.reset()
    return web.Response(status=204)


async def show_load(request: web.Request) -> web.Response:
    network = request.app[NETWORK]
    return web.json_response(network.load.body() | {"live_calls": network.exchange.live_calls()})


async def reset_load(request: web.Request) -> web.Response:
    request.app[NETWORK].load.reset()
    return web.Response(status=204)


async def pin_persona(request: web.Request) -> web.Response:
    """The number's attempts are counted anew."""
    network, body = request.app[NETWORK], await read_json(request)
    try:
        network.population.pin(str(body["number"]), str(body["persona"]))
    except (KeyError, PersonaError) as error:
        raise refusal(str(error)) from error
    network.attempts.pop(str(body["number"]), None)
    return web.json_response(body)


async def show_dial_log(request: web.Request) -> web.Response:
    return web.json_response(request.app[NETWORK].dial_log)


async def set_faults(request: web.Request) -> web.Response:
    """An empty object clears them all."""
    faults, changes = request.app[NETWORK].faults, await read_json(request)
    try:
        faults.update(changes)
    except FaultError as error:
        raise refusal(str(error)) from error
    if not changes:
        faults.reset()
    return web.json_response(faults.body())


async def show_faults(request: web.Request) -> web.Response:
    return web.json_response(request.app[NETWORK].faults.body())


async def list_personas(request: web.Request) -> web.Response:
    personas = request.app[NETWORK].population.personas.values()
    rows = [{"name": persona.name, "language": persona.language, "weight": persona.weight} for persona in personas]
    return web.json_response({"personas": rows})


async def read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except json.JSONDecodeError as error:
        raise refusal(f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise refusal("an object is expected")
    return body


def refusal(message: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": message}), content_type="application/json")


routes = [
    web.get("/simulator/identity", identify),
    web.get("/simulator/calls", list_calls),
    web.get("/simulator/timings", show_timings),
    web.post("/simulator/timings/reset", reset_timings),
    web.get("/simulator/load", show_load),
    web.post("/simulator/load/reset", reset_load),
    web.post("/simulator/personas/pin", pin_persona),
    web.get("/simulator/personas", list_personas),
    web.get("/simulator/dial-log", show_dial_log),
    web.post("/simulator/dial-log", show_dial_log),
    web.get("/simulator/faults", show_faults),
    web.post("/simulator/faults", set_faults),
]

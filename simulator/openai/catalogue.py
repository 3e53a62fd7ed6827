"""The models on offer, by the names in OpenAI's SDK."""

from typing import Any

from aiohttp import web

from simulator.network import NETWORK
from simulator.openai.errors import ModelRefused

REASONING_MODELS = (
    "gpt-6-astra",
    "gpt-6.2-astra",
    "gpt-6-sol",
    "gpt-6.1-sol",
    "gpt-6.2-sol",
    "gpt-6.1-terra",
    "gpt-6-luna",
    "gpt-5.6-sol",
    "gpt-5.6-terra",
    "gpt-5.6-luna",
    "gpt-5.5",
    "gpt-5.4",
    "gpt-5.4-mini",
    "gpt-5",
    "gpt-5-mini",
    "gpt-5-nano",
)
OTHER_MODELS = ("practice-assistant", "gpt-4.1", "gpt-4.1-mini", "gpt-4o", "gpt-4o-mini")
CREATED = 1_767_225_600


def known_models(more: str) -> tuple[str, ...]:
    """Those of the catalogue and the names, divided by commas, that the command line adds."""
    added = tuple(name.strip() for name in more.split(",") if name.strip())
    return (*OTHER_MODELS, *REASONING_MODELS, *added)


def is_reasoning(model: str) -> bool:
    return model in REASONING_MODELS


def check_model(name: str, more: str) -> None:
    if name not in known_models(more):
        message = f"The model `{name}` does not exist or you do not have access to it."
        raise ModelRefused(404, message, code="model_not_found")


async def list_models(request: web.Request) -> web.Response:
    names = known_models(request.app[NETWORK].options.openai_models)
    return web.json_response({"object": "list", "data": [model_body(name) for name in names]})


async def show_model(request: web.Request) -> web.Response:
    name = request.match_info["model"]
    check_model(name, request.app[NETWORK].options.openai_models)
    return web.json_response(model_body(name))


def model_body(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "practice"}

"""OpenAI chat completions, whole and streamed (https://platform.openai.com/docs/api-reference/chat)."""

import asyncio
import re
import secrets
import time
from typing import Any

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.openai.catalogue import list_models, show_model
from simulator.openai.completion import Completion
from simulator.openai.errors import ModelRefused
from simulator.openai.model import answer
from simulator.openai.reply import cut_reply
from simulator.openai.request import ChatRequest, read_request
from simulator.openai.spoiling import check_refusal, foreign_body, spoil
from simulator.openai.stream import STALL_SECONDS, Stream, cut_connection, tokens_per_second
from simulator.timings import ModelRequest

PREFIX = "/openai/v1"
FIRST_TOKEN_SECONDS = 0.150
BEARER = re.compile(r"Bearer (\S+)")


@web.middleware
async def openai_gate(request: web.Request, handler: Any) -> web.StreamResponse:
    if not request.path.startswith(PREFIX + "/"):
        return await handler(request)
    try:
        check_key(request)
        response: web.StreamResponse = await handler(request)
    except ModelRefused as refused:
        response = refused.response()
    if not response.prepared:
        response.headers.update(answer_headers(request.app[NETWORK]))
    return response


def answer_headers(network: Network) -> dict[str, str]:
    return network.allowance.headers() | {"x-request-id": f"req_{secrets.token_hex(16)}"}


def check_key(request: web.Request) -> None:
    found = BEARER.fullmatch(request.headers.get("Authorization", ""))
    expected = request.app[NETWORK].options.openai_key
    if found is None:
        message = "You didn't provide an API key. Provide it in an Authorization header using Bearer auth."
        raise ModelRefused(401, message, code="invalid_api_key")
    if expected and found[1] != expected:
        shown = f"{found[1][:3]}{'*' * 8}{found[1][-4:]}"
        raise ModelRefused(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key")


async def complete_chat(request: web.Request) -> web.StreamResponse:
    network = request.app[NETWORK]
    reading = ModelRequest(request.headers.get("X-Client-Request-Id", ""), time.monotonic())
    network.timings.model_requests.append(reading)
    check_refusal(network.faults)
    chat = await read_request(request, network.options)
    network.allowance.take(chat.prompt_tokens + (chat.longest or 0))
    completion = build_completion(chat, network)
    await asyncio.sleep(STALL_SECONDS if network.faults.strikes("model_stalls_first") else first_token_seconds(network))
    foreign = foreign_body(network.faults)
    if foreign is not None:
        return foreign
    if chat.is_streamed:
        return await Stream(request, chat, completion, reading, answer_headers(network)).send()
    return await send_whole(request, completion, reading)


def build_completion(chat: ChatRequest, network: Network) -> Completion:
    replies = [
        cut_reply(spoil(answer(chat, index), chat, network.faults), longest=chat.longest, stops=chat.stops)
        for index in range(chat.choices)
    ]
    cached = network.prompt_cache.read_tokens(chat.body.get("prompt_cache_key") or "", chat.prompt)
    return Completion(replies, chat.model, chat.service_tier, chat.prompt_tokens, cached)


async def send_whole(request: web.Request, completion: Completion, reading: ModelRequest) -> web.Response:
    faults = request.app[NETWORK].faults
    await asyncio.sleep(completion.token_count / tokens_per_second(request))
    if faults.strikes("model_stalls"):
        await asyncio.sleep(STALL_SECONDS)
    if faults.strikes("model_cuts"):
        cut_connection(request)
    reading.first_token_at = reading.first_sentence_at = reading.finished_at = time.monotonic()
    return web.json_response(completion.whole_body())


def first_token_seconds(network: Network) -> float:
    wished, delay = network.faults.first_token_ms, network.faults.model_delay_ms / 1000
    return delay + (FIRST_TOKEN_SECONDS / network.pace.speed if wished is None else wished / 1000)


routes = [
    web.post(PREFIX + "/chat/completions", complete_chat),
    web.get(PREFIX + "/models", list_models),
    web.get(PREFIX + "/models/{model}", show_model),
]

"""OpenAI chat completions, whole and streamed (https://platform.openai.com/docs/api-reference/chat)."""

import asyncio
import json
import re
import secrets
import time
from collections.abc import Iterator
from typing import Any

from aiohttp import web

from simulator.network import NETWORK, Network
from simulator.openai.completion import Completion, choose_completion
from simulator.openai.errors import ModelRefused
from simulator.timings import ModelRequest

PREFIX = "/openai/v1"
FIRST_TOKEN_SECONDS = 0.150
TOKENS_PER_SECOND = 60.0
ARGUMENT_FRAGMENT = 12
SENTENCE_END = re.compile(r"[.!?…]\s*$")
MODELS = ("practice-assistant", "gpt-6-luna", "gpt-5.6-luna", "gpt-5.4-mini")
MISSING_MODEL = "missing-model"


@web.middleware
async def openai_gate(request: web.Request, handler: Any) -> web.StreamResponse:
    if not request.path.startswith(PREFIX + "/"):
        return await handler(request)
    request_id = f"req_{secrets.token_hex(16)}"
    try:
        if not re.match(r"Bearer \S+", request.headers.get("Authorization", "")):
            raise ModelRefused(401, "Incorrect API key provided.", code="invalid_api_key")
        response: web.StreamResponse = await handler(request)
    except ModelRefused as refused:
        response = refused.response()
    if not response.prepared:
        response.headers["x-request-id"] = request_id
    return response


async def complete_chat(request: web.Request) -> web.StreamResponse:
    network, body = request.app[NETWORK], await read_body(request)
    reading = ModelRequest(request.headers.get("X-Client-Request-Id", ""), time.monotonic())
    network.timings.model_requests.append(reading)
    check_faults(network)
    completion = choose_completion(body)
    await asyncio.sleep(first_token_seconds(network))
    if body.get("stream"):
        return await Stream(request, body, completion, reading).send()
    await asyncio.sleep(completion.token_count / tokens_per_second(network))
    reading.first_token_at = reading.first_sentence_at = reading.finished_at = time.monotonic()
    return web.json_response(completion.whole_body(str(body["model"])))


async def read_body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except json.JSONDecodeError as error:
        raise ModelRefused(400, f"We could not parse the JSON body of your request: {error}") from error
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list) or not body["messages"]:
        raise ModelRefused(400, "Missing required parameter: 'messages'.", param="messages")
    if not body.get("model"):
        raise ModelRefused(400, "you must provide a model parameter", param="model")
    if body["model"] == MISSING_MODEL:
        message = f"The model `{MISSING_MODEL}` does not exist or you do not have access to it."
        raise ModelRefused(404, message, code="model_not_found")
    return body


def check_faults(network: Network) -> None:
    status = network.faults.model_status if network.faults.strikes("model_status") else 0
    if status == 429:
        raise ModelRefused(429, "Rate limit reached for requests", code="rate_limit_exceeded")
    if status:
        raise ModelRefused(status, "The server had an error while processing your request.")


def first_token_seconds(network: Network) -> float:
    wished, delay = network.faults.first_token_ms, network.faults.model_delay_ms / 1000
    return delay + (FIRST_TOKEN_SECONDS / network.pace.speed if wished is None else wished / 1000)


def tokens_per_second(network: Network) -> float:
    return network.faults.tokens_per_second or TOKENS_PER_SECOND * network.pace.speed


class Stream:
    def __init__(
        self, request: web.Request, body: dict[str, Any], completion: Completion, reading: ModelRequest
    ) -> None:
        self._request, self._completion, self._reading = request, completion, reading
        self._network = request.app[NETWORK]
        self._wants_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        self._model = str(body["model"])
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        self._response = web.StreamResponse(headers=headers)

    async def send(self) -> web.StreamResponse:
        await self._response.prepare(self._request)
        await self._send_delta({"role": "assistant", "content": ""})
        await self._send_paced()
        if self._network.faults.strikes("model_stream_error"):
            await self._write(json.dumps({"error": {"message": "The server had an error", "type": "server_error"}}))
            return self._response
        await self._send_delta({}, finish_reason=self._completion.finish_reason)
        if self._wants_usage:
            await self._write(self._completion.chunk_json(self._model, None, usage=self._completion.usage()))
        await self._write("[DONE]")
        await self._response.write_eof()
        self._reading.finished_at = time.monotonic()
        return self._response

    async def _send_paced(self) -> None:
        """Each token at its due time; several at once when the clock has run ahead."""
        started, interval = time.monotonic(), 1 / tokens_per_second(self._network)
        for index, delta in enumerate(deltas(self._completion)):
            wait = started + index * interval - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            await self._send_delta(delta)
            self._note(delta)

    def _note(self, delta: dict[str, Any]) -> None:
        now = time.monotonic()
        if self._reading.first_token_at is None:
            self._reading.first_token_at = now
        if self._reading.first_sentence_at is None and SENTENCE_END.search(delta.get("content", "")):
            self._reading.first_sentence_at = now

    async def _send_delta(self, delta: dict[str, Any], finish_reason: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        await self._write(self._completion.chunk_json(self._model, choice))

    async def _write(self, data: str) -> None:
        await self._response.write(f"data: {data}\n\n".encode())


def deltas(completion: Completion) -> Iterator[dict[str, Any]]:
    for token in completion.tokens():
        yield {"content": token}
    for index, call in enumerate(completion.tool_calls()):
        arguments = call["function"]["arguments"]
        first = {**call, "index": index, "function": {"name": call["function"]["name"], "arguments": ""}}
        yield {"tool_calls": [first]}
        for start in range(0, len(arguments), ARGUMENT_FRAGMENT):
            fragment = arguments[start : start + ARGUMENT_FRAGMENT]
            yield {"tool_calls": [{"index": index, "function": {"arguments": fragment}}]}


async def list_models(request: web.Request) -> web.Response:
    return web.json_response({"object": "list", "data": [model_body(name) for name in MODELS]})


async def show_model(request: web.Request) -> web.Response:
    name = request.match_info["model"]
    if name == MISSING_MODEL:
        raise ModelRefused(404, f"The model '{name}' does not exist", code="model_not_found")
    return web.json_response(model_body(name))


def model_body(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1_767_225_600, "owned_by": "practice"}


routes = [
    web.post(PREFIX + "/chat/completions", complete_chat),
    web.get(PREFIX + "/models", list_models),
    web.get(PREFIX + "/models/{model}", show_model),
]

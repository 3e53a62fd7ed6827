"""The language model behind OpenAI's chat completions, or any server compatible with them.

The vendor's client sends, signs and judges the answer's status. Its typed layers above cost five milliseconds of
processor a turn, so the body is handed over as it is and the events are read as they come.
"""

import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from typing import Any

import httpx2
import openai
from django.conf import settings
from openai import DefaultHttpxClient, OpenAI, Stream
from openai.types.chat import ChatCompletionChunk

from calls.providers.base import ProviderError, TextChunk, ToolCall

TIMEOUT = httpx2.Timeout(4.0, connect=2.0)
"""Seconds that any single wait may take; the person on the line is waiting too."""
LIMITS = httpx2.Limits(max_connections=10, max_keepalive_connections=10, keepalive_expiry=60)
"""Longer than the pause between two turns: a new connection costs the person on the line two or three round trips."""
MAX_TOKENS = 200
PERMANENT_STATUSES = (400, 401, 403, 404, 422)
DATA = "data:"
END = "[DONE]"


class OpenAILanguageModel:
    def __init__(self) -> None:
        self._client = OpenAI(
            api_key=settings.OPENAI_API_KEY,
            base_url=settings.OPENAI_BASE_URL or None,
            timeout=TIMEOUT,
            max_retries=0,
            http_client=DefaultHttpxClient(limits=LIMITS),
        )

    def reply(
        self, messages: Sequence[dict[str, Any]], *, tools: Sequence[dict[str, Any]], model: str, request_id: str
    ) -> Generator[TextChunk | ToolCall, None, None]:
        """The answer as it comes. Raises `ProviderError`, also for an answer that says nothing at all."""
        body = {"model": model or settings.OPENAI_MODEL, "messages": messages, "stream": True} | _tools(tools)
        try:
            with self._ask(body, request_id) as stream:
                yield from _read(stream.response.iter_lines())
        except openai.APIStatusError as error:
            raise _refusal(error) from error
        except (openai.APIError, httpx2.HTTPError) as error:
            raise ProviderError(f"language model: {type(error).__name__}", permanent=False) from error

    def _ask(self, body: dict[str, Any], request_id: str) -> Stream[ChatCompletionChunk]:
        return self._client.post(
            "/chat/completions",
            body=body | {"max_completion_tokens": MAX_TOKENS},
            options={"headers": {"X-Client-Request-Id": request_id}},
            cast_to=ChatCompletionChunk,
            stream=True,
            stream_cls=Stream[ChatCompletionChunk],
        )


def _tools(tools: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"tools": tools, "tool_choice": "auto"} if tools else {}


def _read(lines: Iterator[str]) -> Iterator[TextChunk | ToolCall]:
    """Text at once; tool calls when they are complete. Arguments come in fragments, the name only with the first."""
    fragments: dict[int, dict[str, str]] = {}
    has_answer = False
    for choice in _choices(lines):
        delta = choice.get("delta") or {}
        if content := delta.get("content"):
            yield TextChunk(content)
        for fragment in delta.get("tool_calls") or ():
            _collect(fragments, fragment)
        has_answer = has_answer or bool(content or fragments or choice.get("finish_reason"))
    if not has_answer:
        # A page of HTML with status 200 reads like an answer without events.
        raise ProviderError("language model: empty answer", permanent=False, code="empty_answer")
    yield from (_tool_call(call) for call in fragments.values())


def _choices(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The first choice of each event; the usage event has none."""
    for line in lines:
        payload = line.removeprefix(DATA).strip()
        if not line.startswith(DATA) or not payload:
            continue
        if payload == END:
            _read_out(lines)
            return
        event = _parse(payload)
        if event.get("error"):
            raise ProviderError("language model: error in the answer", permanent=False, code="stream_error")
        yield from (event.get("choices") or ())[:1]


def _read_out(lines: Iterator[str]) -> None:
    """Only an answer that was read to its last byte leaves its connection open for the next turn."""
    with suppress(httpx2.HTTPError):
        for _ in lines:
            pass


def _parse(payload: str) -> dict[str, Any]:
    try:
        event = json.loads(payload)
    except ValueError as error:
        raise ProviderError("language model: garbled answer", permanent=False, code="garbled_answer") from error
    return event if isinstance(event, dict) else {}


def _collect(fragments: dict[int, dict[str, str]], fragment: dict[str, Any]) -> None:
    call = fragments.setdefault(fragment.get("index", 0), {"id": "", "name": "", "arguments": ""})
    function = fragment.get("function") or {}
    call["id"] = call["id"] or fragment.get("id") or ""
    call["name"] = call["name"] or function.get("name") or ""
    call["arguments"] += function.get("arguments") or ""


def _tool_call(call: dict[str, str]) -> ToolCall:
    arguments = _parse(call["arguments"] or "{}")
    return ToolCall(id=call["id"], name=call["name"], arguments=arguments)


def _refusal(error: openai.APIStatusError) -> ProviderError:
    code = error.code or str(error.status_code)
    is_permanent = error.status_code in PERMANENT_STATUSES or code == "insufficient_quota"
    return ProviderError(f"language model: {code}", permanent=is_permanent, code=code)

"""A request for a chat completion, read and found in order."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.openai.catalogue import check_model
from simulator.openai.errors import ModelRefused
from simulator.openai.message_rules import check_messages
from simulator.openai.parameters import check_parameters
from simulator.openai.prompt_cache import prompt_text
from simulator.openai.reply import CHARACTERS_PER_TOKEN
from simulator.openai.schema_rules import check_response_format
from simulator.openai.tool_rules import check_tools, chosen_names
from simulator.options import Options

TIERS = {"auto": "default", "fast": "priority"}


@dataclass(frozen=True)
class ChatRequest:
    body: dict[str, Any]
    prompt: str

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body["messages"])

    @property
    def tools(self) -> dict[str, dict[str, Any]]:
        """The schema of each tool that may be used, by its name."""
        found = {tool["function"]["name"]: tool["function"].get("parameters") or {} for tool in self._offered()}
        choice = self.body.get("tool_choice")
        if isinstance(choice, dict):
            return {name: found[name] for name in chosen_names(choice)}
        return {} if choice == "none" else found

    def _offered(self) -> list[dict[str, Any]]:
        return self.body.get("tools") or []

    @property
    def named_tool(self) -> str:
        """The one function that must be used, or nothing."""
        choice = self.body.get("tool_choice")
        return chosen_names(choice)[0] if isinstance(choice, dict) and choice.get("type") == "function" else ""

    @property
    def must_use_tool(self) -> bool:
        choice = self.body.get("tool_choice")
        if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
            return bool(choice["allowed_tools"].get("mode") == "required")
        return choice == "required" or bool(self.named_tool)

    @property
    def may_use_several(self) -> bool:
        return self.body.get("parallel_tool_calls") is not False

    @property
    def schema(self) -> dict[str, Any] | None:
        wished = self.body.get("response_format") or {}
        return wished["json_schema"].get("schema") if wished.get("type") == "json_schema" else None

    @property
    def wants_json(self) -> bool:
        return (self.body.get("response_format") or {}).get("type") in ("json_schema", "json_object")

    @property
    def is_streamed(self) -> bool:
        return bool(self.body.get("stream"))

    def stream_option(self, name: str, *, default: bool) -> bool:
        value = (self.body.get("stream_options") or {}).get(name)
        return default if value is None else bool(value)

    @property
    def longest(self) -> int | None:
        return self.body.get("max_completion_tokens") or self.body.get("max_tokens")

    @property
    def stops(self) -> tuple[str, ...]:
        stop = self.body.get("stop") or ()
        return (stop,) if isinstance(stop, str) else tuple(text for text in stop if text)

    @property
    def choices(self) -> int:
        return self.body.get("n") or 1

    @property
    def service_tier(self) -> str:
        wished = self.body.get("service_tier") or "auto"
        return TIERS.get(wished, wished)

    @property
    def prompt_tokens(self) -> int:
        return max(1, len(self.prompt) // CHARACTERS_PER_TOKEN)


async def read_request(request: web.Request, options: Options) -> ChatRequest:
    body = parse_body(await request.read())
    if not body.get("model"):
        raise ModelRefused(400, "you must provide a model parameter", param="model", code="missing_required_parameter")
    check_parameters(body)
    check_model(str(body["model"]), options.openai_models)
    check_messages(body.get("messages"))
    check_tools(body)
    check_response_format(body.get("response_format"), body["messages"])
    found = ChatRequest(body, prompt_text(body))
    check_length(found, options.openai_context_tokens)
    return found


def parse_body(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as error:
        message = "We could not parse the JSON body of your request."
        raise ModelRefused(400, message) from error
    if not isinstance(body, dict):
        raise ModelRefused(400, "Invalid type for the body: expected an object.", code="invalid_type")
    return body


def check_length(request: ChatRequest, longest: int) -> None:
    if request.prompt_tokens + (request.longest or 0) <= longest:
        return
    asked = (
        f" ({request.prompt_tokens} in the messages, {request.longest} in the completion)" if request.longest else ""
    )
    message = (
        f"This model's maximum context length is {longest} tokens. However, you requested "
        f"{request.prompt_tokens + (request.longest or 0)} tokens{asked}. "
        "Please reduce the length of the messages or completion."
    )
    raise ModelRefused(400, message, param="messages", code="context_length_exceeded")

"""One answer of the model, in the shapes of the wire."""

import json
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from simulator.openai.prompt import read_prompt
from simulator.openai.schema_filler import fill_schema
from simulator.openai.scripted_assistant import Reply, ScriptedAssistant

CHARACTERS_PER_TOKEN = 4


def choose_completion(body: dict[str, Any]) -> "Completion":
    """Free text from the scripted assistant, or JSON by the schema that was asked for."""
    messages = [message for message in body["messages"] if isinstance(message, dict) and "role" in message]
    prompt_tokens = sum(len(str(message.get("content"))) for message in messages) // CHARACTERS_PER_TOKEN
    wished = body.get("response_format") or {}
    if wished.get("type") == "json_schema":
        filled = fill_schema(wished["json_schema"].get("schema", {}), messages)
        return Completion(Reply(json.dumps(filled, ensure_ascii=False)), prompt_tokens)
    if wished.get("type") == "json_object":
        return Completion(Reply("{}"), prompt_tokens)
    tools = {tool["function"]["name"] for tool in body.get("tools") or () if tool.get("type") == "function"}
    return Completion(ScriptedAssistant(read_prompt(messages), tools).reply(), prompt_tokens)


@dataclass
class Completion:
    reply: Reply
    prompt_tokens: int
    completion_id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(14)}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def finish_reason(self) -> str:
        return "tool_calls" if self.reply.tools else "stop"

    @property
    def token_count(self) -> int:
        return len(self.tokens()) + len(self.reply.tools) * 8

    def tokens(self) -> list[str]:
        return re.findall(r"\s*\S{1,6}", self.reply.text)

    def tool_calls(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"call_{self.completion_id[-12:]}{index}",
                "type": "function",
                "function": {"name": tool.name, "arguments": json.dumps(tool.arguments, ensure_ascii=False)},
            }
            for index, tool in enumerate(self.reply.tools)
        ]

    def usage(self) -> dict[str, Any]:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.token_count,
            "total_tokens": self.prompt_tokens + self.token_count,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }

    def whole_body(self, model: str) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.reply.text or None, "refusal": None}
        if self.reply.tools:
            message["tool_calls"] = self.tool_calls()
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        return self._envelope("chat.completion", model) | {"choices": [choice], "usage": self.usage()}

    def chunk_json(self, model: str, choice: dict[str, Any] | None, usage: dict[str, Any] | None = None) -> str:
        choices = [choice] if choice else []
        body = self._envelope("chat.completion.chunk", model) | {"choices": choices, "usage": usage}
        return json.dumps(body, ensure_ascii=False)

    def _envelope(self, kind: str, model: str) -> dict[str, Any]:
        return {
            "id": self.completion_id,
            "object": kind,
            "created": self.created,
            "model": model,
            "service_tier": "default",
            "system_fingerprint": "fp_practice",
        }

"""One answer of the model, in the shapes of the wire."""

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from simulator.openai.reply import Reply, count_tokens, split_arguments, split_tokens

FINGERPRINT = "fp_practice"
OBFUSCATION = "aX9kQ2mZ7rT4bW1c"


@dataclass
class Completion:
    replies: list[Reply]
    model: str
    service_tier: str
    prompt_tokens: int
    cached_tokens: int
    completion_id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(14)}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def token_count(self) -> int:
        return sum(count_tokens(reply) for reply in self.replies)

    def usage(self) -> dict[str, Any]:
        written = self.token_count
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": written,
            "total_tokens": self.prompt_tokens + written,
            "prompt_tokens_details": {"cached_tokens": self.cached_tokens, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }

    def whole_body(self) -> dict[str, Any]:
        choices = [self._choice(index, reply) for index, reply in enumerate(self.replies)]
        return self.envelope("chat.completion") | {"choices": choices, "usage": self.usage()}

    def _choice(self, index: int, reply: Reply) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": None if reply.refusal else reply.text or (None if reply.tools else ""),
            "refusal": reply.refusal or None,
            "annotations": [],
        }
        if reply.tools:
            message["tool_calls"] = self.tool_calls(index)
        return {"index": index, "message": message, "logprobs": None, "finish_reason": finish_reason(reply)}

    def tool_calls(self, index: int) -> list[dict[str, Any]]:
        return [
            {
                "id": f"call_{self.completion_id[-20:]}{index}{place}",
                "type": "function",
                "function": {"name": tool.name, "arguments": tool.text},
            }
            for place, tool in enumerate(self.replies[index].tools)
        ]

    def deltas(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The choice that grows, and by what."""
        for index, reply in enumerate(self.replies):
            yield from ((index, {"content": token}) for token in split_tokens(reply.text))
            yield from ((index, {"refusal": token}) for token in split_tokens(reply.refusal))
            for place, call in enumerate(self.tool_calls(index)):
                yield from ((index, {"tool_calls": [fragment]}) for fragment in fragments(place, call))

    def envelope(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.completion_id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "service_tier": self.service_tier,
            "system_fingerprint": FINGERPRINT,
        }


def finish_reason(reply: Reply) -> str:
    return reply.finish_reason or ("tool_calls" if reply.tools else "stop")


def fragments(place: int, call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The id and the name come first and only once; the arguments follow piece by piece."""
    yield {"index": place, **call, "function": {"name": call["function"]["name"], "arguments": ""}}
    for piece in split_arguments(call["function"]["arguments"]):
        yield {"index": place, "function": {"arguments": piece}}


class Frames:
    """Events of one stream. What all of them share is written once."""

    def __init__(self, completion: Completion, *, with_usage: bool, is_obfuscated: bool) -> None:
        self._completion, self._is_obfuscated = completion, is_obfuscated
        envelope = json.dumps(completion.envelope("chat.completion.chunk"))
        self._start, self._end = f'data: {envelope[:-1]}, "choices": [', '], "usage": null' if with_usage else "]"

    def delta(self, index: int, delta: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
        filler = self._filler(delta) if self._is_obfuscated else ""
        return f"{self._start}{json.dumps(choice, ensure_ascii=False)}{self._end}{filler}}}\n\n"

    def usage(self) -> str:
        return f'{self._start}], "usage": {json.dumps(self._completion.usage())}}}\n\n'

    def _filler(self, delta: dict[str, Any]) -> str:
        """Makes all events equally long, so that their length tells nothing of the words."""
        return f', "obfuscation": "{OBFUSCATION[len(delta.get("content") or "") :]}"'

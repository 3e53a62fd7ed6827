"""What the assistant answers, before it takes the shapes of the wire."""

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

TOKEN = re.compile(r"\s*\S{1,6}|\s+$")
CHARACTERS_PER_TOKEN = 4
ARGUMENT_FRAGMENT = 12
TOOL_NAME_TOKENS = 4


@dataclass(frozen=True)
class ToolCall:
    """`written` is what stands for the arguments on the wire when it is no JSON."""

    name: str
    arguments: dict[str, Any]
    written: str | None = None

    @property
    def text(self) -> str:
        return json.dumps(self.arguments, ensure_ascii=False) if self.written is None else self.written


@dataclass(frozen=True)
class Reply:
    """`finish_reason` is empty unless something else than the words or the tools ended the answer."""

    text: str
    tools: tuple[ToolCall, ...] = field(default=())
    refusal: str = ""
    finish_reason: str = ""


def split_tokens(text: str) -> list[str]:
    return TOKEN.findall(text)


def split_arguments(text: str) -> list[str]:
    return [text[start : start + ARGUMENT_FRAGMENT] for start in range(0, len(text), ARGUMENT_FRAGMENT)]


def count_tokens(reply: Reply) -> int:
    in_tools = sum(TOOL_NAME_TOKENS + len(split_arguments(tool.text)) for tool in reply.tools)
    return len(split_tokens(reply.text)) + len(split_tokens(reply.refusal)) + in_tools


def cut_reply(reply: Reply, *, longest: int | None, stops: tuple[str, ...]) -> Reply:
    """As far as the stop sequences and the greatest number of tokens let it come."""
    places = [place for place in (reply.text.find(stop) for stop in stops) if place >= 0]
    if places:
        reply = Reply(reply.text[: min(places)], finish_reason="stop")
    if longest is None or count_tokens(reply) <= longest:
        return reply
    return cut_by_length(reply, longest)


def cut_by_length(reply: Reply, longest: int) -> Reply:
    """Words first, then the arguments of the tools, which are no JSON any more where they are cut."""
    left = longest - len(split_tokens(reply.text))
    if left < 0 or reply.refusal:
        words, refused = split_tokens(reply.text)[:longest], split_tokens(reply.refusal)[:longest]
        return Reply("".join(words), refusal="".join(refused), finish_reason="length")
    kept: list[ToolCall] = []
    for tool in reply.tools:
        fragments = split_arguments(tool.text)
        room, left = left - TOOL_NAME_TOKENS, left - TOOL_NAME_TOKENS - len(fragments)
        if room >= 0:
            kept.append(replace(tool, written="".join(fragments[:room])))
    return Reply(reply.text, tuple(kept), finish_reason="length")

"""The model behind the door: free words from the scripted assistant, or JSON by the schema that was asked for."""

import json
import re
from dataclasses import replace
from typing import Any

from simulator.openai.prompt import read_prompt, text_of
from simulator.openai.reply import Reply, ToolCall
from simulator.openai.request import ChatRequest
from simulator.openai.schema_filler import fill_schema
from simulator.openai.scripted_assistant import ScriptedAssistant

KEY = re.compile(r'"([A-Za-z_]\w{0,40})"\s*[:,}]')


def answer(request: ChatRequest, index: int = 0) -> Reply:
    """Every choice of one request has its own wording."""
    if request.schema is not None:
        return Reply(json.dumps(fill_schema(request.schema, read_prompt(request.messages)), ensure_ascii=False))
    if request.wants_json:
        return Reply(
            json.dumps(fill_schema(described_object(request), read_prompt(request.messages)), ensure_ascii=False)
        )
    reply = ScriptedAssistant(read_prompt(request.messages), request.tools, index).reply()
    return obey_choice(reply, request)


def described_object(request: ChatRequest) -> dict[str, Any]:
    """A schema of the keys that the messages name in quotes, since nothing else describes the object."""
    names = list(dict.fromkeys(KEY.findall(" ".join(map(text_of, request.messages))))) or ["summary", "disposition"]
    return {"type": "object", "properties": {name: {"type": ["string", "null"]} for name in names}}


def obey_choice(reply: Reply, request: ChatRequest) -> Reply:
    """A tool that must be used is used; the finish reason of a named one is "stop" (not documented)."""
    tools = reply.tools if request.may_use_several else reply.tools[:1]
    if request.named_tool:
        used = next((tool for tool in tools if tool.name == request.named_tool), None)
        return Reply("", (used or fill_tool(request, request.named_tool),), finish_reason="stop")
    if request.must_use_tool and not tools:
        return Reply("", (fill_tool(request, next(iter(request.tools))),))
    return replace(reply, tools=tools)


def fill_tool(request: ChatRequest, name: str) -> ToolCall:
    return ToolCall(name, fill_schema(request.tools[name] | {"type": "object"}, read_prompt(request.messages)))

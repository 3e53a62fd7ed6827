"""Answers that are wrong on purpose."""

from dataclasses import replace

from aiohttp import web

from simulator.faults import Faults
from simulator.openai.errors import refusal_by
from simulator.openai.reply import Reply, ToolCall
from simulator.openai.request import ChatRequest

REFUSAL = "I'm sorry, but I can't assist with that request."
NO_JSON = '{"reason": "'
UNKNOWN_TOOL = "look_up_customer"
HTML = "<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>It works!</h1></body></html>"


def check_refusal(faults: Faults) -> None:
    """Both together are one refusal; either strikes by itself."""
    status = faults.model_status if faults.strikes("model_status") else 0
    code = faults.model_error if faults.strikes("model_error") else ""
    if status or code:
        raise refusal_by(status=status, code=code, retry_after_seconds=faults.model_retry_after_seconds)


def foreign_body(faults: Faults) -> web.Response | None:
    """A success that is no answer: what a proxy or a wrong address gives."""
    if faults.strikes("model_html"):
        return web.Response(text=HTML, content_type="text/html")
    return web.json_response({"status": "ok"}) if faults.strikes("model_json") else None


def spoil(reply: Reply, request: ChatRequest, faults: Faults) -> Reply:
    if faults.strikes("model_refuses"):
        return Reply("", refusal=REFUSAL)
    if faults.strikes("model_empty"):
        return Reply("")
    if faults.strikes("model_filters"):
        return Reply(reply.text[: len(reply.text) // 2], finish_reason="content_filter")
    if request.wants_json and faults.strikes("model_bad_json"):
        return Reply(reply.text[: max(1, len(reply.text) // 2)])
    return spoil_tools(reply, request, faults)


def spoil_tools(reply: Reply, request: ChatRequest, faults: Faults) -> Reply:
    tools = reply.tools
    if request.tools and faults.strikes("model_unknown_tool"):
        tools = (replace(tools[0], name=UNKNOWN_TOOL), *tools[1:]) if tools else (ToolCall(UNKNOWN_TOOL, {}),)
    if tools and faults.strikes("model_bad_arguments"):
        tools = tuple(replace(tool, written=NO_JSON) for tool in tools)
    return replace(reply, tools=tools)

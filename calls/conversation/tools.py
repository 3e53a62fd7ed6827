"""What the assistant may do besides speaking. One plain function a tool; to add one, write it and list it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from callcenter import clock
from calls.conversation.facts import CallFacts
from calls.end_reasons import EndReason
from calls.models import Call
from calls.providers.base import ToolCall
from calls.refusals import CallRefused
from calls.services import note_why_ending, opt_out, promise_callback, settle_disposition
from campaigns.models import Disposition

SOURCE = "assistant"
LATEST_CALLBACK = timedelta(days=60)
ROUNDING = timedelta(minutes=1)
"""The model is told the time to the minute: its "in one minute" may be now."""
MODEL_MAY_SETTLE = [
    disposition.value
    for disposition in Disposition
    if disposition not in (Disposition.FAILED, Disposition.VOICEMAIL, Disposition.DO_NOT_CALL)
]


@dataclass(frozen=True, slots=True)
class ToolResult:
    """`ends_call` holds why the call ends after these words; `error` why the tool refused."""

    ends_call: str = ""
    error: str = ""


def end_call(facts: CallFacts, *, disposition: str = Disposition.COMPLETED, **_: Any) -> ToolResult:
    """Say what came of the call; it ends after the farewell."""
    settled = disposition if disposition in MODEL_MAY_SETTLE else Disposition.COMPLETED
    call = _call(facts)
    settle_disposition(call=call, disposition=settled, source=SOURCE)
    note_why_ending(call=call, reason=EndReason.ASSISTANT_ENDED)
    return ToolResult(ends_call=EndReason.ASSISTANT_ENDED)


def schedule_callback(facts: CallFacts, *, at: str = "", note: str = "", **_: Any) -> ToolResult:
    """Promise to call again at a time in the person's own zone."""
    moment = read_moment(at, zone=facts.zone, now=clock.now())
    if moment is None:
        return ToolResult(error="no_such_time")
    try:
        promise_callback(call=_call(facts), at=moment, note=note[:200])
    except CallRefused:
        return ToolResult(error="outside_calling_hours")
    return ToolResult()


def mark_do_not_call(facts: CallFacts, *, reason: str = "", **_: Any) -> ToolResult:
    """Never call this number again; the call ends after these words."""
    call = _call(facts)
    opt_out(call=call, wording=reason or "asked the assistant", source=SOURCE)
    note_why_ending(call=call, reason=EndReason.OPTED_OUT)
    return ToolResult(ends_call=EndReason.OPTED_OUT)


def read_moment(text: str, *, zone: str, now: datetime) -> datetime | None:
    """The instant of a local time such as 2026-11-24T10:00:00; None when it makes no sense or cannot be kept."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(zone))
    return max(moment, now) if now - ROUNDING <= moment <= now + LATEST_CALLBACK else None


TOOLS: dict[str, Callable[..., ToolResult]] = {
    "end_call": end_call,
    "schedule_callback": schedule_callback,
    "mark_do_not_call": mark_do_not_call,
}


def use_tool(call: ToolCall, facts: CallFacts) -> ToolResult:
    """Do what the model asked for; a tool or an argument that does not exist is refused, never raised."""
    tool = TOOLS.get(call.name)
    if tool is None:
        return ToolResult(error="no_such_tool")
    arguments = {name: str(value) for name, value in call.arguments.items() if name not in ("facts", "_")}
    return tool(facts, **arguments)


def as_record(call: ToolCall, result: ToolResult) -> dict[str, str]:
    """How a used tool stands on the turn."""
    record = {"id": call.id or call.name, "name": call.name, "arguments": json.dumps(call.arguments)}
    return record | ({"error": result.error} if result.error else {})


def _call(facts: CallFacts) -> Call:
    return Call.objects.get(pk=facts.call_id)


def _schema(name: str, description: str, **properties: dict[str, Any]) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


SCHEMAS = [
    _schema(
        "end_call",
        "End the call after the words of this answer, which are the goodbye.",
        disposition={"type": "string", "enum": MODEL_MAY_SETTLE, "description": "What came of the call."},
    ),
    _schema(
        "schedule_callback",
        "Promise that we call again at a time the person asked for. Confirm it in the words of this answer.",
        at={"type": "string", "description": "Local time of the person, YYYY-MM-DDTHH:MM:SS."},
        note={"type": "string", "description": "What the person said about it."},
    ),
    _schema(
        "mark_do_not_call",
        "The person does not want to be called again. The words of this answer confirm it and say goodbye.",
        reason={"type": "string", "description": "What the person said."},
    ),
]

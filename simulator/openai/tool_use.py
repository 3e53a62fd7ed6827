"""How the scripted assistant uses a tool: only one on offer, and by its schema."""

from typing import Any

from simulator.openai.prompt import Prompt
from simulator.openai.reply import ToolCall
from simulator.openai.schema_filler import fill_schema
from simulator.openai.tool_choice import choose

LONGEST_NOTE = 200
NAMES = {
    "disposition": ("disposition", "outcome", "result", "resultado"),
    "at": ("at", "when", "time", "datetime", "moment", "callback_at", "scheduled_at"),
    "note": ("note", "notes", "comment", "reason", "message", "summary", "motivo"),
}


def use_tool(name: str, tools: dict[str, dict[str, Any]], prompt: Prompt, **known: str) -> tuple[ToolCall, ...]:
    """Nothing when the tool is not on offer."""
    if name not in tools:
        return ()
    schema = tools[name]
    if not schema.get("properties"):
        return (ToolCall(name, known if schema.get("additionalProperties") is not False else {}),)
    required = schema.get("required") or ()
    given = {key: pick(key, part, known) for key, part in schema["properties"].items()}
    missing = {key: schema["properties"][key] for key, value in given.items() if value is None and key in required}
    filled = fill_schema({"type": "object", "properties": missing} | definitions(schema), prompt) if missing else {}
    return (ToolCall(name, {key: value for key, value in given.items() if value is not None} | filled),)


def pick(key: str, schema: dict[str, Any], known: dict[str, str]) -> str | None:
    """What is known under this name or another for the same thing, as the schema lets it be said."""
    meant = next((thing for thing, names in NAMES.items() if key.lower() in names), "")
    value = known.get(key) or known.get(meant) or (known.get("reason") if meant == "note" else None)
    if value is None:
        return None
    if schema.get("enum"):
        return choose(value, [option for option in schema["enum"] if isinstance(option, str)])
    return value[: schema.get("maxLength", LONGEST_NOTE)]


def definitions(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: schema[name] for name in ("$defs", "definitions") if name in schema}

"""How the scripted assistant uses a tool: only one on offer, and by its schema."""

from typing import Any

from simulator.openai.phrases import simple
from simulator.openai.prompt import Prompt
from simulator.openai.reply import ToolCall
from simulator.openai.schema_filler import fill_schema

LONGEST_NOTE = 200
NAMES = {
    "disposition": ("disposition", "outcome", "result", "resultado"),
    "at": ("at", "when", "time", "datetime", "moment", "callback_at", "scheduled_at"),
    "note": ("note", "notes", "comment", "reason", "message", "summary", "motivo"),
}
NEXT_BEST = {
    "do_not_call": ("opt_out", "dnc", "not_interested"),
    "voicemail": ("answering_machine", "no_conversation"),
    "no_conversation": ("no_answer", "silence"),
    "human_requested": ("human", "transfer", "callback"),
    "callback": ("call_back", "later"),
    "interested": ("success", "positive"),
    "not_interested": ("refused", "negative"),
    "wrong_number": ("wrong_person", "not_interested", "no_conversation"),
}
LAST_RESORT = "completed"


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


def choose(wanted: str, options: list[str]) -> str | None:
    """The option itself, else the next best on offer, else whatever claims least."""
    by_name = {normal(option): option for option in options}
    wishes = (wanted, *NEXT_BEST.get(wanted, ()), LAST_RESORT)
    return next((by_name[wish] for wish in wishes if wish in by_name), options[0] if options else None)


def normal(option: str) -> str:
    return simple(option).replace(" ", "_").replace("-", "_")


def definitions(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: schema[name] for name in ("$defs", "definitions") if name in schema}

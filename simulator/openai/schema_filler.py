"""JSON that obeys a schema, with what the conversation gives."""

import re
from typing import Any

from simulator.openai.phrases import intents_of
from simulator.openai.prompt import Prompt
from simulator.people.words import plain

LONGEST_TEXT = 200
INTENT_OF_VALUE = {
    "do_not_call": "opt_out",
    "wrong_number": "wrong_number",
    "human_requested": "human",
    "callback": "callback",
    "not_interested": "refusal",
}
NEUTRAL_VALUES = ("completed", "neutral", "none", "unknown", "no_conversation")


def fill_schema(schema: dict[str, Any], prompt: Prompt) -> Any:
    said = " ".join(said.text for said in prompt.conversation)
    return fill(schema, said, schema.get("$defs") or schema.get("definitions") or {})


def fill(schema: dict[str, Any], said: str, definitions: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return fill(definitions[schema["$ref"].rpartition("/")[2]], said, definitions)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return choose_value(schema["enum"], said)
    for union in ("anyOf", "oneOf", "allOf"):
        if schema.get(union):
            return fill(schema[union][0], said, definitions)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return fill_type(kind[0] if isinstance(kind, list) else kind, schema, said, definitions)


def fill_type(kind: str, schema: dict[str, Any], said: str, definitions: dict[str, Any]) -> Any:
    if kind == "object":
        return {name: fill(part, said, definitions) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [fill(schema.get("items", {}), said, definitions) for _ in range(schema.get("minItems", 0))]
    if kind in ("integer", "number"):
        return schema.get("minimum", 0)
    if kind == "boolean":
        return False
    return None if kind == "null" else summarise(said, schema)


def choose_value(values: list[Any], said: str) -> Any:
    """The value whose meaning was said, then one that claims nothing."""
    for value, intent in INTENT_OF_VALUE.items():
        heard = intent in intents_of(said)
        if value in values and heard:
            return value
    named = (value for value in values if str(value) and plain(str(value)) in plain(said))
    return next((value for value in NEUTRAL_VALUES if value in values), next(named, values[0]))


def summarise(said: str, schema: dict[str, Any]) -> str:
    """The beginning of the conversation stands for its summary."""
    words = re.sub(r"\s+", " ", said).strip() or "-"
    longest = min(LONGEST_TEXT, schema.get("maxLength", LONGEST_TEXT))
    return words if len(words) <= longest else words[:longest].rpartition(" ")[0]

"""What strict structured output demands of a schema."""

from collections.abc import Iterator
from typing import Any

from simulator.openai.errors import ModelRefused

FORBIDDEN = ("default", "allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas")
DEEPEST = 10
WORD_JSON = "json"


def check_response_format(wished: Any, messages: list[dict[str, Any]]) -> None:
    if wished is None:
        return
    kind = wished.get("type") if isinstance(wished, dict) else None
    if kind == "json_schema":
        check_json_schema(wished.get("json_schema"))
    elif kind == "json_object":
        if WORD_JSON not in str(messages).lower():
            message = "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
            raise ModelRefused(400, message + "'json_object'.", param="messages")
    elif kind != "text":
        message = f"Invalid value: '{kind}'. Supported values are: 'json_object', 'json_schema', and 'text'."
        raise ModelRefused(400, message, param="response_format.type", code="invalid_value")


def check_json_schema(described: Any) -> None:
    for name in ("name", "schema"):
        if not isinstance(described, dict) or not described.get(name):
            param = f"response_format.json_schema.{name}"
            message = f"Missing required parameter: '{param}'."
            raise ModelRefused(400, message, param=param, code="missing_required_parameter")
    fault = strict_fault(described["schema"]) if described.get("strict") else ""
    if fault:
        message = f"Invalid schema for response_format '{described['name']}': {fault}"
        raise ModelRefused(400, message, param="response_format")


def strict_fault(schema: dict[str, Any]) -> str:
    """The first breach of the strict rules, in the vendor's words; empty when there is none."""
    if schema.get("type") != "object" or "anyOf" in schema:
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'."
    return next(faults(schema, (), schema), "")


def faults(schema: Any, path: tuple[str, ...], root: dict[str, Any]) -> Iterator[str]:
    if not isinstance(schema, dict):
        yield f"In context={path}, schema must be an object."
        return
    for name in FORBIDDEN:
        if name in schema:
            yield f"In context={path}, '{name}' is not permitted."
    if len(path) > 2 * DEEPEST:
        yield f"In context={path}, schema exceeds the nesting depth limit of {DEEPEST}."
    yield from reference_faults(schema, path, root)
    if schema.get("type") == "object" or "properties" in schema:
        yield from object_faults(schema, path)
    for step, part in parts_of(schema):
        yield from faults(part, (*path, *step), root)


def reference_faults(schema: dict[str, Any], path: tuple[str, ...], root: dict[str, Any]) -> Iterator[str]:
    reference = schema.get("$ref")
    if reference is None:
        if not {"type", "enum", "const", "anyOf", "oneOf"} & schema.keys():
            yield f"In context={path}, schema must have a 'type' key."
        return
    known = {"#"} | {f"#/{home}/{name}" for home in ("$defs", "definitions") for name in root.get(home) or {}}
    if reference not in known:
        yield f"In context={path}, reference '{reference}' cannot be resolved."


def object_faults(schema: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    if schema.get("additionalProperties") is not False:
        yield f"In context={path}, 'additionalProperties' is required to be supplied and to be false."
    names, required = list(schema.get("properties") or {}), schema.get("required") or []
    missing = [name for name in names if name not in required]
    extra = [name for name in required if name not in names]
    demand = "'required' is required to be supplied and to be an array including every key in properties."
    if missing:
        yield f"In context={path}, {demand} Missing '{missing[0]}'."
    if extra:
        yield f"In context={path}, {demand} Extra required key '{extra[0]}' supplied."


def parts_of(schema: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for home in ("properties", "$defs", "definitions"):
        for name, part in (schema.get(home) or {}).items():
            yield (home, name), part
    if "items" in schema:
        yield ("items",), schema["items"]
    for union in ("anyOf", "oneOf"):
        for index, part in enumerate(schema.get(union) or ()):
            yield (union, str(index)), part

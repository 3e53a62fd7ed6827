"""What tools and the choice among them may look like."""

import re
from typing import Any

from simulator.openai.errors import ModelRefused
from simulator.openai.parameters import refuse_choice, refuse_type
from simulator.openai.schema_rules import strict_fault

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
MOST_TOOLS = 128
MODES = ("none", "auto", "required")


def check_tools(body: dict[str, Any]) -> None:
    tools = body.get("tools")
    if tools is None:
        for name in ("tool_choice", "parallel_tool_calls"):
            if body.get(name) is not None:
                raise ModelRefused(400, f"'{name}' is only allowed when 'tools' are specified.", param=name)
        return
    if not isinstance(tools, list):
        refuse_type("tools", "an array of objects", tools)
    if not 1 <= len(tools) <= MOST_TOOLS:
        side = "short. Expected an array with minimum length 1" if not tools else "long. Expected at most 128"
        raise ModelRefused(400, f"Invalid 'tools': array too {side}.", param="tools", code="array_length")
    for index, tool in enumerate(tools):
        check_tool(f"tools[{index}]", tool)
    check_choice(body.get("tool_choice"), {tool["function"]["name"] for tool in tools})


def check_tool(place: str, tool: Any) -> None:
    if not isinstance(tool, dict):
        refuse_type(place, "an object", tool)
    if tool.get("type") != "function":
        refuse_choice(f"{place}.type", tool.get("type"), ("function",))
    function = tool.get("function")
    if not isinstance(function, dict) or not function.get("name"):
        missing = f"{place}.function" + (".name" if isinstance(function, dict) else "")
        message = f"Missing required parameter: '{missing}'."
        raise ModelRefused(400, message, param=missing, code="missing_required_parameter")
    if not NAME.fullmatch(str(function["name"])):
        param = f"{place}.function.name"
        message = f"Invalid '{param}': string does not match pattern. Expected a string that matches the pattern "
        raise ModelRefused(400, message + "'^[a-zA-Z0-9_-]+$'.", param=param, code="invalid_value")
    check_schema(f"{place}.function.parameters", function)


def check_schema(place: str, function: dict[str, Any]) -> None:
    schema = function.get("parameters")
    if schema is None:
        return
    fault = "" if isinstance(schema, dict) and schema.get("type") == "object" else wrong_type(schema)
    if not fault and function.get("strict"):
        fault = strict_fault(schema)
    if fault:
        message = f"Invalid schema for function '{function['name']}': {fault}"
        raise ModelRefused(400, message, param=place, code="invalid_function_parameters")


def wrong_type(schema: Any) -> str:
    kind = schema.get("type") if isinstance(schema, dict) else type(schema).__name__
    return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."


def check_choice(choice: Any, names: set[str]) -> None:
    if choice is None or choice in MODES:
        return
    if isinstance(choice, str):
        refuse_choice("tool_choice", choice, MODES)
    missing = sorted(set(chosen_names(choice)) - names)
    if missing or not chosen_names(choice):
        message = f"Tool choice '{', '.join(missing)}' not found in 'tools' parameter."
        raise ModelRefused(400, message, param="tool_choice", code="invalid_value")


def chosen_names(choice: Any) -> list[str]:
    """Of one named function, or of the allowed ones among the tools."""
    if not isinstance(choice, dict):
        refuse_type("tool_choice", "a string or an object", choice)
    if choice.get("type") == "allowed_tools":
        allowed = choice.get("allowed_tools") or {}
        return [str((tool.get("function") or {}).get("name")) for tool in allowed.get("tools") or ()]
    name = (choice.get("function") or {}).get("name")
    return [str(name)] if name else []

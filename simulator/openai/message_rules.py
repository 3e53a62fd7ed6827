"""What a conversation must look like before a model reads it."""

from typing import Any

from simulator.openai.errors import ModelRefused
from simulator.openai.parameters import refuse_choice, refuse_type

ROLES = ("system", "assistant", "user", "function", "tool", "developer")
PARTS = {
    "assistant": ("text", "refusal"),
    "user": ("text", "image_url", "input_audio", "file"),
    "system": ("text",),
    "developer": ("text",),
    "tool": ("text",),
}


def check_messages(messages: Any) -> None:
    if messages is None:
        message = "Missing required parameter: 'messages'."
        raise ModelRefused(400, message, param="messages", code="missing_required_parameter")
    if not isinstance(messages, list):
        refuse_type("messages", "an array of objects", messages)
    if not messages:
        message = "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array."
        raise ModelRefused(400, message, param="messages", code="empty_array")
    for index, message in enumerate(messages):
        check_message(f"messages[{index}]", message)
    check_tool_results(messages)


def check_message(place: str, message: Any) -> None:
    if not isinstance(message, dict):
        refuse_type(place, "an object", message)
    role = message.get("role")
    if role is None:
        raise ModelRefused(
            400,
            f"Missing required parameter: '{place}.role'.",
            param=f"{place}.role",
            code="missing_required_parameter",
        )
    if role not in ROLES:
        refuse_choice(f"{place}.role", role, ROLES)
    check_content(place, message)


def check_content(place: str, message: dict[str, Any]) -> None:
    content, role = message.get("content"), message["role"]
    if content is None:
        if role != "assistant" or not (message.get("tool_calls") or message.get("refusal")):
            text = "Invalid value for 'content': expected a string, got null."
            raise ModelRefused(400, text, param=f"{place}.content")
    elif isinstance(content, list):
        for index, part in enumerate(content):
            check_part(f"{place}.content[{index}]", part, PARTS.get(role, ("text",)))
    elif not isinstance(content, str):
        refuse_type(f"{place}.content", "a string or an array of objects", content)


def check_part(place: str, part: Any, kinds: tuple[str, ...]) -> None:
    if not isinstance(part, dict):
        refuse_type(place, "an object", part)
    if part.get("type") not in kinds:
        refuse_choice(f"{place}.type", part.get("type"), kinds)


def check_tool_results(messages: list[dict[str, Any]]) -> None:
    """Each use of a tool is followed by its result, and no result stands without its use."""
    awaited: set[str] = set()
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message.get("tool_call_id") not in awaited:
                refuse_stray_result(index)
            awaited.discard(message["tool_call_id"])
        else:
            refuse_missing_results(awaited, index)
            awaited = {str(call.get("id")) for call in message.get("tool_calls") or ()}
    refuse_missing_results(awaited, len(messages))


def refuse_stray_result(index: int) -> None:
    text = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
    raise ModelRefused(400, text, param=f"messages.[{index}].role")


def refuse_missing_results(awaited: set[str], index: int) -> None:
    if awaited:
        text = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: " + ", ".join(sorted(awaited))
        )
        raise ModelRefused(400, text, param=f"messages.[{index}].role")

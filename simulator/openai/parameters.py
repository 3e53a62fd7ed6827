"""What each parameter of a chat completion may be (https://platform.openai.com/docs/api-reference/chat/create)."""

from typing import Any

from simulator.openai.catalogue import is_reasoning
from simulator.openai.errors import ModelRefused

DECIMALS = {"temperature": (0, 2), "top_p": (0, 1), "frequency_penalty": (-2, 2), "presence_penalty": (-2, 2)}
INTEGERS: dict[str, tuple[int, int | None]] = {
    "n": (1, 128),
    "max_tokens": (1, None),
    "max_completion_tokens": (1, None),
    "seed": (-(2**63), 2**63 - 1),
    "top_logprobs": (0, 20),
}
BOOLEANS = ("stream", "parallel_tool_calls", "logprobs", "store")
STRINGS = ("model", "user", "prompt_cache_key", "prompt_cache_retention", "safety_identifier")
CHOICES = {
    "reasoning_effort": ("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "verbosity": ("low", "medium", "high"),
    "service_tier": ("auto", "default", "flex", "scale", "priority", "fast"),
}
OTHERS = (
    "messages",
    "tools",
    "tool_choice",
    "response_format",
    "stop",
    "stream_options",
    "metadata",
    "logit_bias",
    "prediction",
    "prompt_cache_options",
    "moderation",
)
TEXT_ONLY = {"modalities": ["text"]}
KNOWN = {*DECIMALS, *INTEGERS, *BOOLEANS, *STRINGS, *CHOICES, *OTHERS, *TEXT_ONLY}
NOT_SERVED = ("functions", "function_call", "audio", "web_search_options")
MOST_STOPS = 4


def check_parameters(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if name not in KNOWN:
            refuse_unknown(name)
        if value is not None:
            check_value(name, value)
    check_stops(body.get("stop"))
    if body.get("stream_options") and not body.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise ModelRefused(400, message, param="stream_options")
    check_for_model(body)


def refuse_unknown(name: str) -> None:
    if name in NOT_SERVED:
        message = f"Unsupported parameter: '{name}' is not supported with this model."
        raise ModelRefused(400, message, param=name, code="unsupported_parameter")
    raise ModelRefused(400, f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")


def check_value(name: str, value: Any) -> None:
    if name in DECIMALS:
        check_number(name, value, *DECIMALS[name], kind="decimal")
    elif name in INTEGERS:
        check_number(name, value, *INTEGERS[name], kind="integer")
    elif name in BOOLEANS and not isinstance(value, bool):
        refuse_type(name, "a boolean", value)
    elif name in STRINGS and not isinstance(value, str):
        refuse_type(name, "a string", value)
    elif name in CHOICES and value not in CHOICES[name]:
        refuse_choice(name, value, CHOICES[name])
    elif name in TEXT_ONLY and value != TEXT_ONLY[name]:
        refuse_choice(name, value, ("text",))


def check_number(name: str, value: Any, low: float, high: float | None, *, kind: str) -> None:
    wanted: tuple[type, ...] = (int,) if kind == "integer" else (int, float)
    if not isinstance(value, wanted) or isinstance(value, bool):
        refuse_type(name, f"an {kind}" if kind == "integer" else f"a {kind}", value)
    if value < low:
        side, sign, bound = "below_min", ">=", low
    elif high is not None and value > high:
        side, sign, bound = "above_max", "<=", high
    else:
        return
    word = "below minimum" if side == "below_min" else "above maximum"
    message = f"Invalid '{name}': {kind} {word} value. Expected a value {sign} {bound}, but got {value} instead."
    raise ModelRefused(400, message, param=name, code=f"{kind}_{side}_value")


def check_stops(stop: Any) -> None:
    if stop is None or isinstance(stop, str):
        return
    if not isinstance(stop, list) or not all(isinstance(text, str) for text in stop):
        refuse_type("stop", "a string or an array of strings", stop)
    if len(stop) > MOST_STOPS:
        message = f"Invalid 'stop': array too long. Expected an array with maximum length {MOST_STOPS}."
        raise ModelRefused(400, message, param="stop", code="array_above_max_length")


def check_for_model(body: dict[str, Any]) -> None:
    """Reasoning models take no temperature, unless they are told not to reason (not documented: the exception)."""
    if body.get("logprobs") or body.get("top_logprobs"):
        refuse_for_model("logprobs")
    if not is_reasoning(str(body.get("model"))):
        return
    if body.get("max_tokens") is not None:
        refuse_for_model("max_tokens", " Use 'max_completion_tokens' instead.")
    for name in ("temperature", "top_p"):
        value = body.get(name)
        if value not in (None, 1) and body.get("reasoning_effort") != "none":
            message = (
                f"Unsupported value: '{name}' does not support {value} with this model. "
                "Only the default (1) value is supported."
            )
            raise ModelRefused(400, message, param=name, code="unsupported_value")


def refuse_for_model(name: str, hint: str = "") -> None:
    message = f"Unsupported parameter: '{name}' is not supported with this model.{hint}"
    raise ModelRefused(400, message, param=name, code="unsupported_parameter")


def refuse_type(name: str, wanted: str, value: Any) -> None:
    message = f"Invalid type for '{name}': expected {wanted}, but got {kind_of(value)} instead."
    raise ModelRefused(400, message, param=name, code="invalid_type")


def refuse_choice(name: str, value: Any, choices: tuple[str, ...]) -> None:
    named = [f"'{choice}'" for choice in choices]
    listed = ", ".join(named[:-1]) + (", and " if named[1:] else "") + named[-1]
    message = f"Invalid value: '{value}'. Supported values are: {listed}."
    raise ModelRefused(400, message, param=name, code="invalid_value")


def kind_of(value: Any) -> str:
    names = {
        type(None): "null",
        bool: "a boolean",
        int: "an integer",
        float: "a decimal",
        str: "a string",
        list: "an array",
    }
    return names.get(type(value), "an object")

"""What may stand in a request for speech, field by field, in the words of ElevenLabs' framework."""

from collections.abc import Callable
from typing import Any

from simulator.elevenlabs.errors import Problem

Rule = Callable[[Any], tuple[str, str] | None]
LARGEST_SEED = 4_294_967_295
MOST_NEIGHBOURS = 3


def text(value: Any) -> tuple[str, str] | None:
    return None if isinstance(value, str) else ("Input should be a valid string", "string_type")


def flag(value: Any) -> tuple[str, str] | None:
    return None if isinstance(value, bool) else ("Input should be a valid boolean", "bool_type")


def number(smallest: float, largest: float) -> Rule:
    def rule(value: Any) -> tuple[str, str] | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return "Input should be a valid number", "float_type"
        return in_range(value, smallest, largest)

    return rule


def whole_number(smallest: int, largest: int) -> Rule:
    def rule(value: Any) -> tuple[str, str] | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "Input should be a valid integer", "int_type"
        return in_range(value, smallest, largest)

    return rule


def in_range(value: float, smallest: float, largest: float) -> tuple[str, str] | None:
    if value < smallest:
        return f"Input should be greater than or equal to {smallest:g}", "greater_than_equal"
    if value > largest:
        return f"Input should be less than or equal to {largest:g}", "less_than_equal"
    return None


def one_of(*choices: str) -> Rule:
    def rule(value: Any) -> tuple[str, str] | None:
        *first, last = (f"'{choice}'" for choice in choices)
        return None if value in choices else (f"Input should be {', '.join(first)} or {last}", "enum")

    return rule


def few(item: type, name: str) -> Rule:
    """At most three neighbours, or dictionaries."""

    def rule(value: Any) -> tuple[str, str] | None:
        if not isinstance(value, list):
            return "Input should be a valid list", "list_type"
        if len(value) > MOST_NEIGHBOURS:
            message = f"List should have at most {MOST_NEIGHBOURS} items after validation, not {len(value)}"
            return message, "too_long"
        wrong = any(not isinstance(entry, item) for entry in value)
        return (f"Input should be a valid {name}", f"{name}_type") if wrong else None

    return rule


def table(value: Any) -> tuple[str, str] | None:
    return None if isinstance(value, dict) else ("Input should be a valid dictionary", "dict_type")


SETTINGS: dict[str, Rule] = {
    "stability": number(0, 1),
    "similarity_boost": number(0, 1),
    "style": number(0, 1),
    "use_speaker_boost": flag,
    "speed": number(0.7, 1.2),
}
FIELDS: dict[str, Rule] = {
    "text": text,
    "model_id": text,
    "language_code": text,
    "voice_settings": table,
    "seed": whole_number(0, LARGEST_SEED),
    "previous_text": text,
    "next_text": text,
    "previous_request_ids": few(str, "string"),
    "next_request_ids": few(str, "string"),
    "pronunciation_dictionary_locators": few(dict, "dictionary"),
    "apply_text_normalization": one_of("auto", "on", "off"),
    "apply_language_text_normalization": flag,
    "use_pvc_as_ivc": flag,
}


def problems_of(body: dict[str, Any]) -> list[Problem]:
    """Null stands for a field left out, but not for the text."""
    found = []
    if "text" not in body:
        found.append(Problem(("body", "text"), "Field required", "missing"))
    found += check(body, FIELDS, ("body",), required=("text",))
    settings = body.get("voice_settings")
    if isinstance(settings, dict):
        found += check(settings, SETTINGS, ("body", "voice_settings"))
    return found


def check(
    values: dict[str, Any], rules: dict[str, Rule], place: tuple[str, ...], *, required: tuple[str, ...] = ()
) -> list[Problem]:
    found = []
    for name, rule in rules.items():
        if name not in values or (values[name] is None and name not in required):
            continue
        trouble = rule(values[name])
        if trouble:
            found.append(Problem((*place, name), *trouble))
    return found

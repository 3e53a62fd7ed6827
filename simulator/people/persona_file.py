"""Reads persona files and says exactly what is wrong with them."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from simulator.people.menu import Place
from simulator.people.persona import Persona, PersonaError
from simulator.people.step import BUILT_IN, Step
from simulator.people.words import patterns, read_words

SHARES = ("agreement", "hesitates", "rambles", "asks_again", "murmurs", "interrupts", "garbles")
RANGES = ("ring_seconds", "thinking_seconds")


def read_personas(folder: Path) -> dict[str, Persona]:
    """Raises PersonaError."""
    personas = {path.stem: read_persona(path) for path in sorted(folder.glob("*.toml"))}
    if not personas:
        raise PersonaError(f"{folder}: no persona files")
    return personas


def read_persona(path: Path) -> Persona:
    """Raises PersonaError."""
    try:
        return build_persona(path.stem, tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, PersonaError) as error:
        raise PersonaError(f"{path.name}: {error}") from error


def build_persona(name: str, data: dict[str, Any]) -> Persona:
    """Raises PersonaError."""
    if data.pop("is_machine", False):
        data.setdefault("machine", "voicemail")
    steps = [
        build(Step, as_table(step, "steps"), f"steps[{row}].") for row, step in enumerate(listed(data, "steps"), 1)
    ]
    menu = [build_place(place, table) for place, table in as_table(data.pop("menu", {}), "menu").items()]
    table = data | {"name": name, "steps": steps, "menu": menu, "replies": read_replies(data.pop("replies", {}))}
    persona: Persona = build(Persona, table, "")
    check_persona(persona)
    for row, step in enumerate(persona.steps, 1):
        check_step(step, persona, f"steps[{row}].")
    check_menu(persona)
    return persona


def listed(data: dict[str, Any], name: str) -> list[Any]:
    found = data.pop(name, [])
    if not isinstance(found, list):
        raise PersonaError(f"{name}: is written as [[{name}]]")
    return found


def as_table(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PersonaError(f"{name}: a table is expected")
    return value


def build_place(name: str, value: Any) -> Place:
    table = as_table(value, f"menu.{name}")
    pairs = {key: tuple(as_table(table[key], f"menu.{name}.{key}").items()) for key in PAIRS if key in table}
    place: Place = build(Place, table | pairs | {"name": name}, f"menu.{name}.")
    return place


PAIRS = ("keys", "words", "goes_to")


def read_replies(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    replies = as_table(value, "replies")
    for intent, variants in replies.items():
        if not variants or not fits(variants, tuple[str, ...]):
            raise PersonaError(f"replies.{intent}: a list of sentences is expected")
    return tuple((intent, tuple(variants)) for intent, variants in replies.items())


def build(kind: Any, table: dict[str, Any], where: str) -> Any:
    """Of one of the dataclasses: every field checked against its annotation."""
    hints = get_type_hints(kind)
    for name, value in table.items():
        if name not in hints:
            raise PersonaError(f"{where}{name}: unknown; there are {', '.join(hints)}")
        if not fits(value, hints[name]):
            raise PersonaError(f"{where}{name}: {value!r} does not fit")
    missing = [field.name for field in fields(kind) if field.default is MISSING and field.name not in table]
    if missing:
        raise PersonaError(f"{where}{missing[0]}: is missing")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in table.items()})


def fits(value: Any, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in arguments
    if origin in (Union, UnionType):
        return any(fits(value, argument) for argument in arguments)
    if origin is tuple:
        return isinstance(value, list | tuple) and fits_items(value, arguments)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, hint) and (hint is bool or not isinstance(value, bool))


def fits_items(values: Iterable[Any], arguments: tuple[Any, ...]) -> bool:
    items = list(values)
    if arguments[-1] is Ellipsis:
        return all(fits(item, arguments[0]) for item in items)
    return len(items) == len(arguments) and all(map(fits, items, arguments))


def check_persona(persona: Persona) -> None:
    for name in SHARES:
        check_share(getattr(persona, name), name)
    for name in RANGES:
        low, high = getattr(persona, name)
        if not 0 <= low <= high:
            raise PersonaError(f"{name}: the shortest time comes first")
    if not persona.outcomes:
        raise PersonaError("outcomes: at least one is expected")
    for name in ("weight", "nudges", "records_seconds", "patience_seconds", "pause_seconds"):
        if getattr(persona, name) < 0:
            raise PersonaError(f"{name}: must not be negative")


def check_share(value: float, where: str) -> None:
    if not 0 <= value <= 1:
        raise PersonaError(f"{where}: is a number from 0 to 1")


def check_step(step: Step, persona: Persona, where: str) -> None:
    check_share(step.share, f"{where}share")
    check_pattern(step.heard, f"{where}heard")
    check_pattern(step.keys, f"{where}keys")
    if step.when and step.when not in (*BUILT_IN, *patterns()):
        raise PersonaError(f"{where}when: {step.when!r} is unknown; there are {', '.join((*BUILT_IN, *patterns()))}")
    known = read_words(step.language or persona.language).replies | persona.own_replies()
    if step.reply and step.reply not in known:
        raise PersonaError(f"{where}reply: {step.reply!r} is unknown; there are {', '.join(known)}")
    if step.barge_in_after is not None and (step.when or step.heard or step.keys):
        raise PersonaError(f"{where}barge_in_after: what is heard is not known before it has been said")


def check_pattern(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise PersonaError(f"{where}: {error}") from error


def check_menu(persona: Persona) -> None:
    names = {place.name for place in persona.menu}
    if (persona.machine in ("ivr", "screening")) != bool(names) or (names and "start" not in names):
        raise PersonaError("menu: an ivr or a screening has one, which begins with menu.start; others have none")
    for place in persona.menu:
        unknown = [target for target in place.targets() if target not in names]
        if unknown:
            raise PersonaError(f"menu.{place.name}: leads to {unknown[0]!r}, which does not exist")
        for pattern, _ in place.words:
            check_pattern(pattern, f"menu.{place.name}.words")

"""Keyset pages: each page starts where the last one ended, so that the millionth row costs as much as the first.

`order` names fields of the model itself that are never null, the last one unique; a leading `-` turns one around.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

Record = TypeVar("Record", bound=Model)
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """Some rows of a list; a cursor is empty where there is nothing further in its direction."""

    items: list[Record]
    next_cursor: str
    previous_cursor: str

    @property
    def is_only_one(self) -> bool:
        return not (self.next_cursor or self.previous_cursor)


@dataclass(frozen=True, slots=True)
class _Position:
    values: tuple[str, ...]
    backwards: bool


def paginate(
    queryset: QuerySet[Record], *, order: Sequence[str], cursor: str = "", size: int = PAGE_SIZE
) -> Page[Record]:
    """The page at `cursor`; the first one where the cursor is empty or says nothing."""
    position = _read_cursor(cursor, queryset, order)
    backwards = position is not None and position.backwards
    direction = [_turned(name) for name in order] if backwards else list(order)
    rows = queryset.order_by(*direction)
    if position is not None:
        rows = rows.filter(_beyond(position.values, direction))
    found = list(rows[: size + 1])
    items = found[:size][::-1] if backwards else found[:size]
    return _page(items, order, position=position, there_is_more=len(found) > size)


def _page(
    items: list[Record], order: Sequence[str], *, position: _Position | None, there_is_more: bool
) -> Page[Record]:
    backwards = position is not None and position.backwards
    has_next = bool(items) and (backwards or there_is_more)
    has_previous = bool(items) and (there_is_more if backwards else position is not None)
    return Page(
        items=items,
        next_cursor=_cursor(items[-1], order, backwards=False) if has_next else "",
        previous_cursor=_cursor(items[0], order, backwards=True) if has_previous else "",
    )


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _beyond(values: Sequence[str], direction: Sequence[str]) -> Q:
    """Rows after the one with these values. The first condition repeats the rest so that an index can be used."""
    beyond, equal = Q(), Q()
    for name, value in zip(direction, values, strict=True):
        field, lookup = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{field}__{lookup}": value})
        equal &= Q(**{field: value})
    first, lookup = direction[0].removeprefix("-"), "lte" if direction[0].startswith("-") else "gte"
    return Q(**{f"{first}__{lookup}": values[0]}) & beyond


def _cursor(item: Model, order: Sequence[str], *, backwards: bool) -> str:
    values = [item._meta.get_field(name.removeprefix("-")).value_to_string(item) for name in order]  # type: ignore[union-attr]
    text = json.dumps([int(backwards), *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, queryset: QuerySet[Record], order: Sequence[str]) -> _Position | None:
    """None for what is no cursor of this list: a mangled address shows the first page."""
    try:
        decoded = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        backwards, *values = decoded
        if len(values) != len(order) or any("\0" in value for value in values):
            return None
        for name, value in zip(order, values, strict=True):
            queryset.model._meta.get_field(name.removeprefix("-")).to_python(value)  # type: ignore[union-attr]
    except (binascii.Error, ValueError, TypeError, ValidationError):
        return None
    return _Position(values=tuple(values), backwards=bool(backwards))

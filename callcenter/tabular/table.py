from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise


class NotATable(Exception):
    """The file holds no table that can be read; the message is for the person who sent it."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class Row(NamedTuple):
    """A row that is not blank: its number in the file, counted from 1, and its cells as text without outer blanks."""

    number: int
    cells: list[str]


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet would run."""
GUARD = "'"
"""Written in front of such a text, and taken off again when it is read."""


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith(GUARD) and cell.startswith(FORMULA_STARTS, 1) else cell


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, or one reading of a text file. `rows` reads it from its beginning, as a stream."""

    name: str
    rows: Callable[[], Generator[Row, None, None]]

"""The rows that were not loaded, kept on disk so that a million of them weigh nothing."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _

from callcenter.tabular import write_csv

IN_MEMORY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Rejection:
    row_number: int
    code: str
    reason: str
    cells: list[str]


class Rejections:
    """Grows by `add`; may be read any number of times, from the first row on."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES, "w+", encoding="utf-8")  # noqa: SIM115
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rejection]:
        self._file.seek(0)
        for line in self._file:
            yield Rejection(*json.loads(line))

    def add(self, rejection: Rejection) -> None:
        row = [rejection.row_number, rejection.code, rejection.reason, rejection.cells]
        self._file.write(json.dumps(row) + "\n")
        self._count += 1

    def first(self, count: int) -> list[Rejection]:
        return list(islice(self, count))


def write_rejects(headings: list[str], rejections: Iterable[Rejection], file: IO[bytes]) -> None:
    """A table of the original columns and the reason, to be mended and sent again."""
    write_csv(reject_rows(headings, rejections), file)


def reject_rows(headings: list[str], rejections: Iterable[Rejection]) -> Iterator[list[str]]:
    """The reason stands right of the original columns; a row with more cells than headings keeps them behind it."""
    width = len(headings)
    yield [*headings, _("Reason")]
    for rejection in rejections:
        cells = rejection.cells + [""] * (width - len(rejection.cells))
        yield [*cells[:width], rejection.reason, *cells[width:]]

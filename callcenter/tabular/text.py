"""Text tables: whatever encoding, delimiter, quoting and line ends a spreadsheet or a colleague made of them."""

import codecs
import csv
import io
import re
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import IO

from django.utils.translation import gettext_lazy as _

from callcenter.tabular.table import NotATable, Row, Sheet, unguarded

DELIMITERS = ";,\t|"
SAMPLE_ROWS = 50
CHUNK = 1 << 20
HEAD = 4096
EXCEL_HINT = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"))
STRAY_CONTROLS = 20
CONTROL_SHARE = 0.05
"""Text has a stray control character here and there; a picture or a program is full of them."""


@dataclass(frozen=True, slots=True)
class Encoding:
    name: str
    errors: str = "strict"


def sheets(file: IO[bytes]) -> list[Sheet]:
    """The table as each plausible delimiter cuts it, the likeliest first: who knows the headings can tell better."""
    encoding = _encoding(file)
    _refuse_binary(file, encoding)
    return [Sheet(name="", rows=partial(_rows, file, encoding, each)) for each in _delimiters(file, encoding)]


def _encoding(file: IO[bytes]) -> Encoding:
    """By its mark, else UTF-8 where the whole file is that, else what Excel writes in Western Europe."""
    file.seek(0)
    head = file.read(HEAD)
    for mark, name in BOMS:
        if head.startswith(mark):
            return Encoding(name, "replace")
    if (wide := _wide_encoding(head)) is not None:
        return wide
    damaged, foreign = _utf8_damage(file)
    if damaged <= foreign:
        return Encoding("utf-8", "replace")
    return Encoding("cp1252", "replace")


def _wide_encoding(head: bytes) -> Encoding | None:
    """UTF-16 without its mark shows as a NUL in every second byte."""
    half = len(head) // 2
    if half and head[1::2].count(0) > 0.4 * half:
        return Encoding("utf-16-le", "replace")
    if half and head[0::2].count(0) > 0.4 * half:
        return Encoding("utf-16-be", "replace")
    return None


def _utf8_damage(file: IO[bytes]) -> tuple[int, int]:
    """How many places are no UTF-8, and how many characters beyond ASCII are."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    damaged = foreign = 0
    for chunk in iter(partial(file.read, CHUNK), b""):
        if chunk.isascii():
            decoder.decode(chunk)
            continue
        text = decoder.decode(chunk)
        damaged += text.count("\ufffd")
        foreign += sum(not character.isascii() for character in text)
    damaged += decoder.decode(b"", final=True).count("\ufffd")
    return damaged, foreign - damaged


def _refuse_binary(file: IO[bytes], encoding: Encoding) -> None:
    file.seek(0)
    text = file.read(HEAD).decode(encoding.name, "replace")
    controls = sum(character < " " and character not in "\r\n\t" for character in text)
    if controls > max(STRAY_CONTROLS, CONTROL_SHARE * len(text)):
        raise NotATable(_("This file is no table. Send the contacts as CSV or Excel (.xlsx)."))


def _text(file: IO[bytes], encoding: Encoding) -> Iterator[str]:
    """Lines with their ends and without NUL. The wrapper lets go of the file, which stays open for its owner."""
    file.seek(0)
    wrapper = io.TextIOWrapper(file, encoding.name, encoding.errors, newline="")
    try:
        for line in wrapper:
            yield line.replace("\0", "") if "\0" in line else line
    finally:
        if not file.closed:
            wrapper.detach()


def _delimiters(file: IO[bytes], encoding: Encoding) -> list[str]:
    """What Excel says in its first line, else first the character that cuts most rows into most equal pieces."""
    lines = list(islice(_text(file, encoding), SAMPLE_ROWS))
    if lines and (hint := EXCEL_HINT.match(lines[0])):
        return [hint[1]]
    scores = {delimiter: _regularity(lines, delimiter) for delimiter in DELIMITERS}
    best = sorted(DELIMITERS, key=lambda delimiter: -scores[delimiter])
    return [delimiter for delimiter in best if scores[delimiter]] or best[:1]


def _regularity(lines: list[str], delimiter: str) -> int:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, cells))]
    except csv.Error:
        widths = [line.count(delimiter) + 1 for line in lines if line.strip()]
    return max(((width - 1) * count for width, count in Counter(widths).items()), default=0)


def _rows(file: IO[bytes], encoding: Encoding, delimiter: str) -> Generator[Row, None, None]:
    for number, cells in enumerate(_records(_text(file, encoding), delimiter), start=1):
        stripped = [unguarded(cell.strip()) for cell in cells]
        if any(stripped) and not (number == 1 and EXCEL_HINT.match(delimiter.join(stripped))):
            yield Row(number, stripped)


def _records(text: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Cells of each record. Where a quotation mark never closes, its line is read alone and the rest goes on."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken.clear()
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _one_line(lines, delimiter)


def _one_line(lines: "_Lines", delimiter: str) -> list[str]:
    first, *others = lines.taken
    lines.put_back(others)
    if first.count('"') % 2 or len(first) > csv.field_size_limit():
        return [cell.strip().removeprefix('"') for cell in first.split(delimiter)]
    return next(csv.reader([first], delimiter=delimiter), [])


class _Lines:
    """Lines that can be put back; `taken` are those of the current record."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.source = iter(lines)
        self.waiting: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.source)
        self.taken.append(line)
        return line

    def put_back(self, lines: list[str]) -> None:
        self.waiting.extendleft(reversed(lines))

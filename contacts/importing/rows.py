"""One row of a file: read into a contact, or refused with a reason."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import available_timezones

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from callcenter.tabular import Row
from contacts.importing.headings import Columns
from contacts.importing.rejections import Rejection
from contacts.models import Contact
from contacts.names import joined_name, sort_name
from contacts.phone import REASONS as PHONE_REASONS
from contacts.phone import NotANumber, PhoneNumber, parse_number

REASONS: dict[str, Promise] = PHONE_REASONS | {
    "cell_too_long": _("The cell “%(heading)s” is longer than %(limit)s characters."),
    "unknown_time_zone": _("The time zone “%(value)s” does not exist."),
}
LIMITS = {
    name: Contact._meta.get_field(name).max_length  # type: ignore[union-attr]
    for name in ("full_name", "first_name", "last_name", "company", "email", "language", "time_zone")
}
LONGEST_TEXT = 5000
LANGUAGES = {
    "es": "es espanol español castellano spanish spa",
    "en": "en ingles inglés english eng",
    "ca": "ca catalan catalán català cat",
    "fr": "fr frances francés french français",
    "pt": "pt portugues portugués portuguese português",
    "de": "de aleman alemán german deutsch",
    "it": "it italiano italian",
}
LANGUAGE_OF = {word: code for code, words in LANGUAGES.items() for word in words.split()}
LANGUAGE_TAG = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
EMAIL = re.compile(r"""[^@\s,;<>"'()]+@[^@\s,;<>"'()]+\.[^@\s.,;<>"'()]{2,}""")
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class RowRefused(Exception):
    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.reason = str(REASONS[code]) % details if details else str(REASONS[code])


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """A row ready to be loaded; a blank field says nothing about the contact."""

    row_number: int
    number: PhoneNumber
    full_name: str
    first_name: str
    last_name: str
    sort_name: str
    email: str
    company: str
    language: str
    time_zone: str
    notes: str
    extra: dict[str, str]

    @property
    def extra_json(self) -> str:
        return json.dumps(self.extra, ensure_ascii=False) if self.extra else "{}"


class RowReader:
    """Reads the rows of one sheet, whose columns are understood."""

    def __init__(self, columns: Columns, country: str) -> None:
        self.columns = columns
        self.country = country

    def read(self, row: Row) -> PreparedRow | Rejection:
        try:
            return self._prepared(row)
        except NotANumber as refusal:
            return Rejection(row.number, refusal.code, refusal.reason, row.cells)
        except RowRefused as refusal:
            return Rejection(row.number, refusal.code, refusal.reason, row.cells)

    def _prepared(self, row: Row) -> PreparedRow:
        cells = row.cells + [""] * (self._width - len(row.cells))
        extra = self._extra(cells)
        number = self._number(cells, extra)
        first, last = self._words("first_name", cells), self._words("last_name", cells)
        name = self._words("full_name", cells) or joined_name(first, last)
        self._check("full_name", name)
        return PreparedRow(
            row_number=row.number,
            number=number,
            full_name=name,
            first_name=first,
            last_name=last,
            sort_name=sort_name(name),
            email=self._email(cells, extra),
            company=self._words("company", cells),
            language=self._language(cells, extra),
            time_zone=self._time_zone(cells),
            notes=self._check("notes", "\n".join(self._cells("notes", cells))),
            extra=extra,
        )

    @cached_property
    def _width(self) -> int:
        return len(self.columns.headings)

    def _cells(self, field: str, cells: list[str]) -> list[str]:
        return [cells[index] for index in self.columns.fields.get(field, ()) if cells[index]]

    def _words(self, field: str, cells: list[str]) -> str:
        """A text of one line, without signs that cannot be seen."""
        if field not in self.columns.fields:
            return ""
        text = " ".join(self._cells(field, cells))
        if not text.isprintable():
            text = CONTROLS.sub(" ", text)
        return self._check(field, " ".join(text.split()))

    def _check(self, field: str, text: str) -> str:
        limit = LIMITS.get(field) or LONGEST_TEXT
        if len(text) > limit:
            raise RowRefused("cell_too_long", heading=self._heading(field), limit=limit)
        return text

    def _heading(self, field: str) -> str:
        indexes = self.columns.fields.get(field) or self.columns.fields.get("first_name", (0,))
        return self.columns.headings[indexes[0]]

    def _number(self, cells: list[str], extra: dict[str, str]) -> PhoneNumber:
        """The first number that can be called; what the other phone columns hold stays with the further fields."""
        refusal = NotANumber("blank")
        found: PhoneNumber | None = None
        for index in self.columns.fields["phone"]:
            if not (cell := cells[index]):
                continue
            if found is None:
                try:
                    found = parse_number(cell, self.country)
                    continue
                except NotANumber as error:
                    refusal = error if refusal.code == "blank" else refusal
            extra[self.columns.headings[index]] = cell[:LONGEST_TEXT]
        if found is None:
            raise refusal
        return found

    def _email(self, cells: list[str], extra: dict[str, str]) -> str:
        """A mangled address must not cost the contact: it stays with the further fields, as typed."""
        address = self._words("email", cells)
        if not address or EMAIL.fullmatch(address):
            return address
        extra[self._heading("email")] = address
        return ""

    def _language(self, cells: list[str], extra: dict[str, str]) -> str:
        word = " ".join(self._cells("language", cells)).casefold()
        if code := LANGUAGE_OF.get(word):
            return code
        if LANGUAGE_TAG.fullmatch(word):
            return word.replace("_", "-")
        if word:
            extra[self._heading("language")] = word[:LONGEST_TEXT]
        return ""

    def _time_zone(self, cells: list[str]) -> str:
        """An unknown zone would let us call at night: the row waits until it is mended."""
        zone = " ".join(self._cells("time_zone", cells))
        if zone and zone not in ZONES:
            raise RowRefused("unknown_time_zone", value=zone[:100])
        return zone

    def _extra(self, cells: list[str]) -> dict[str, str]:
        extra: dict[str, str] = {}
        for index, heading in self.columns.extra.items():
            if text := cells[index]:
                extra[heading] = self._short_enough(text, heading)
        for index in range(self._width, len(cells)):
            if cells[index]:
                extra[f"#{index + 1}"] = self._short_enough(cells[index], f"#{index + 1}")
        return extra

    def _short_enough(self, text: str, heading: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise RowRefused("cell_too_long", heading=heading, limit=LONGEST_TEXT)
        return text


ZONES = frozenset(available_timezones())

"""The calls behind a report as a file, streamed: a million rows need no more memory than a thousand."""

import tempfile
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from callcenter.money import from_micros
from callcenter.tabular import csv_chunks, write_xlsx
from calls.models import AnsweredBy, Call, CallStatus
from campaigns.models import Disposition
from contacts.phone import mask

ROWS_AT_A_TIME = 2000
MOST_WORKBOOK_ROWS = 100_000
"""A workbook is built before it is sent; what is larger goes as CSV."""
SPOOL_BYTES = 5 * 1024 * 1024

FIELDS = (
    "id",
    "campaign__name",
    "contact__full_name",
    "to_number",
    "attempt_number",
    "status",
    "answered_by",
    "disposition",
    "placed_at",
    "answered_at",
    "ended_at",
    "duration_seconds",
    "end_reason",
    "error_code",
    "price_micros",
    "price_currency",
)
CHOICES: dict[str, dict[str, Any]] = {
    "status": dict(CallStatus.choices),
    "answered_by": dict(AnsweredBy.choices),
    "disposition": dict(Disposition.choices),
}


def export_csv(calls: QuerySet[Call], *, with_numbers: bool) -> Iterator[bytes]:
    """Chunks of a CSV file, in the language and the time zone of this moment, whenever they are sent."""
    rows = _rows(calls, with_numbers=with_numbers, zone=timezone.get_current_timezone())
    return _in_language(translation.get_language(), csv_chunks(rows))


def export_xlsx(calls: QuerySet[Call], *, with_numbers: bool) -> IO[bytes]:
    """A workbook in a temporary file, at its beginning."""
    file = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - the response closes it
    write_xlsx(_rows(calls, with_numbers=with_numbers, zone=timezone.get_current_timezone()), file, _("Calls"))
    file.seek(0)
    return file


def fits_a_workbook(calls: QuerySet[Call], *, most: int = MOST_WORKBOOK_ROWS) -> bool:
    """Counts no further than it must."""
    return calls.order_by()[: most + 1].count() <= most


def _rows(calls: QuerySet[Call], *, with_numbers: bool, zone: tzinfo) -> Iterator[list[Any]]:
    yield _headings()
    labels = {name: {value: str(label) for value, label in choices.items()} for name, choices in CHOICES.items()}
    found = calls.order_by("placed_at", "id").values(*FIELDS)
    for call in found.iterator(chunk_size=ROWS_AT_A_TIME):
        for name, words in labels.items():
            call[name] = words.get(call[name], call[name])
        call["to_number"] = call["to_number"] if with_numbers else mask(call["to_number"])
        call["price_micros"] = None if call["price_micros"] is None else from_micros(call["price_micros"])
        yield [_cell(call[name], zone) for name in FIELDS]


def _cell(value: Any, zone: tzinfo) -> Any:
    """Instants become the wall clock of the reader here: the file may be sent after the request's zone is gone."""
    if isinstance(value, datetime):
        return timezone.make_naive(value, zone)
    return value if value is None or isinstance(value, int | float) or hasattr(value, "quantize") else str(value)


def _headings() -> list[str]:
    return [
        _("Call"),
        _("Campaign"),
        _("Contact"),
        _("Number"),
        _("Attempt"),
        _("Status"),
        _("Answered by"),
        _("Outcome"),
        _("Placed"),
        _("Answered"),
        _("Ended"),
        _("Length (seconds)"),
        _("Why it ended"),
        _("Error code"),
        _("Price"),
        _("Currency"),
    ]


def _in_language(language: str | None, chunks: Iterator[bytes]) -> Iterator[bytes]:
    with translation.override(language):
        yield from chunks

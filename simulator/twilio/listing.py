"""Filters and pages of Twilio's lists."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from multidict import MultiMapping

from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import WHOLE_NUMBER
from simulator.twilio.errors import TwilioError

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 1000
DATE_FILTERS = [f"{name}{limit}" for name in ("StartTime", "EndTime") for limit in ("", "<", ">")]
Rows = Sequence[Any]
"""Bodies, or records that have a sid and are shown only when they are on the page."""


def filter_calls(calls: Sequence[CallRecord], query: MultiMapping[str]) -> list[CallRecord]:
    """Newest first, as Twilio lists them. A date that is none fails, with or without calls to compare it with."""
    for name in DATE_FILTERS:
        if query.get(name):
            read_moment(query[name])
    return [call for call in reversed(calls) if not call.is_deleted and matches(call, query)]


def matches(call: CallRecord, query: MultiMapping[str]) -> bool:
    """A call that nobody answered counts from its creation."""
    wanted = {"To": call.to, "From": call.from_, "Status": call.status, "ParentCallSid": call.parent_call_sid}
    if any(query[name] != value for name, value in wanted.items() if query.get(name)):
        return False
    return in_period(call.started_at or call.created_at, query, "StartTime") and in_period(
        call.ended_at, query, "EndTime"
    )


def in_period(moment: datetime | None, query: MultiMapping[str], name: str) -> bool:
    """A bare name is a whole day; with < or > it is a limit, itself included."""
    tests: dict[str, Callable[[datetime, datetime], bool]] = {
        name: lambda at, limit: at.date() == limit.date(),
        f"{name}<": lambda at, limit: at <= limit,
        f"{name}>": lambda at, limit: at >= limit,
    }
    asked = {key: test for key, test in tests.items() if query.get(key)}
    if asked and moment is None:
        return False
    return all(test(moment, read_moment(query[key])) for key, test in asked.items() if moment)


def read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise TwilioError(20001, f"Invalid date: {text}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def page_body(
    key: str,
    rows: Rows,
    query: MultiMapping[str],
    path: str,
    show: Callable[[Any], dict[str, Any]] = dict,
) -> dict[str, Any]:
    size, page = page_size(query), read_count(query, "Page", 0)
    first = first_row(rows, query, page * size)
    shown = rows[first : first + size]
    following = page_uri(path, query, page + 1, size, after(rows, first + size))
    return {
        key: [show(row) for row in shown],
        "first_page_uri": page_uri(path, query, 0, size),
        "next_page_uri": following if len(rows) > first + size else None,
        "previous_page_uri": page_uri(path, query, page - 1, size, after(rows, first - size)) if page else None,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": max(page * size, page * size + len(shown) - 1),
        "uri": page_uri(path, query, page, size, query.get("PageToken", "")),
    }


def page_size(query: MultiMapping[str]) -> int:
    return min(read_count(query, "PageSize", DEFAULT_PAGE_SIZE) or 1, LARGEST_PAGE_SIZE)


def first_row(rows: Rows, query: MultiMapping[str], counted: int) -> int:
    """A token names the row before the page: rows that come to be meanwhile move nothing."""
    token = query.get("PageToken", "")
    if not token:
        return counted
    if not token.startswith("PA"):
        raise TwilioError(20001, f"Invalid PageToken: {token}")
    places = (place for place, row in enumerate(rows) if sid_of(row) == token.removeprefix("PA"))
    return next(places, counted - 1) + 1


def after(rows: Rows, first: int) -> str:
    """The token of the page that begins with this row; the first page needs none, rows without a sid are counted."""
    sid = sid_of(rows[first - 1]) if 0 < first <= len(rows) else ""
    return f"PA{sid}" if sid else ""


def sid_of(row: Any) -> str:
    return str(row.get("sid", "") if isinstance(row, dict) else row.sid)


def read_count(query: MultiMapping[str], name: str, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not WHOLE_NUMBER.fullmatch(text):
        raise TwilioError(20001, f"{name} must be a number")
    return int(text)


def page_uri(path: str, query: MultiMapping[str], page: int, size: int, token: str = "") -> str:
    filters = [(key, value) for key, value in query.items() if key not in ("Page", "PageSize", "PageToken")]
    tokens = [("PageToken", token)] if token else []
    return f"{path}?{urlencode([*filters, ('PageSize', size), ('Page', page), *tokens])}"


def meta_page(key: str, rows: Rows, query: MultiMapping[str], address: str) -> dict[str, Any]:
    """The pages of Twilio's newer interfaces: whole addresses, gathered under `meta`."""
    body = page_body(key, rows, query, address)
    meta = {name: body[name] for name in ("page", "page_size")} | {
        "first_page_url": body["first_page_uri"],
        "previous_page_url": body["previous_page_uri"],
        "next_page_url": body["next_page_uri"],
        "url": body["uri"],
        "key": key,
    }
    return {"meta": meta, key: body[key]}

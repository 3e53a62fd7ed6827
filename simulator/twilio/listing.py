"""Filters and pages of Twilio's lists."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from multidict import MultiMapping

from simulator.twilio.call_record import CallRecord
from simulator.twilio.errors import TwilioError

DEFAULT_PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 1000
DATE_FILTERS = [f"{name}{limit}" for name in ("StartTime", "EndTime") for limit in ("", "<", ">")]


def filter_calls(calls: Sequence[CallRecord], query: MultiMapping[str]) -> list[CallRecord]:
    """Newest first, as Twilio lists them. A date that is none fails, with or without calls to compare it with."""
    for name in DATE_FILTERS:
        if query.get(name):
            read_moment(query[name])
    return [call for call in reversed(calls) if not call.is_deleted and matches(call, query)]


def matches(call: CallRecord, query: MultiMapping[str]) -> bool:
    wanted = {"To": call.to, "From": call.from_, "Status": call.status, "ParentCallSid": ""}
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


def page_body(key: str, rows: Sequence[dict[str, Any]], query: MultiMapping[str], path: str) -> dict[str, Any]:
    size = min(read_count(query, "PageSize", DEFAULT_PAGE_SIZE) or 1, LARGEST_PAGE_SIZE)
    page = read_count(query, "Page", 0)
    shown = rows[page * size : (page + 1) * size]
    has_more = len(rows) > (page + 1) * size
    return {
        key: list(shown),
        "first_page_uri": page_uri(path, query, 0, size),
        "next_page_uri": page_uri(path, query, page + 1, size) if has_more else None,
        "previous_page_uri": page_uri(path, query, page - 1, size) if page else None,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": max(page * size, page * size + len(shown) - 1),
        "uri": page_uri(path, query, page, size),
    }


def read_count(query: MultiMapping[str], name: str, default: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not text.isdigit():
        raise TwilioError(20001, f"{name} must be a number")
    return int(text)


def page_uri(path: str, query: MultiMapping[str], page: int, size: int) -> str:
    filters = [(key, value) for key, value in query.items() if key not in ("Page", "PageSize", "PageToken")]
    token = [("PageToken", f"PAPage{page}")] if page else []
    return f"{path}?{urlencode([*filters, ('PageSize', size), ('Page', page), *token])}"

"""The Call resource: what Twilio remembers of a call and shows by REST."""

import asyncio
import math
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from simulator.twilio.rates import minute_micros

API_VERSION = "2010-04-01"
FINAL_STATUSES = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
SUBRESOURCES = (
    "notifications",
    "recordings",
    "payments",
    "events",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)
NORTH_AMERICAN = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
PRICE_KNOWN_AFTER_SECONDS = 60
DETECTION_MICROS = 7_500
"""Answering machine detection costs its price once, and does not show in the call's."""


def make_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def utc_now() -> datetime:
    return datetime.now(UTC)


def rfc2822(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None


@dataclass
class TranscriptLine:
    """One line of the transcript; `at` is seconds since the answer, as people live them.

    is_interruption: some of it began while the other side was speaking.
    """

    speaker: str
    text: str
    at: float
    is_interruption: bool = False


@dataclass
class CallRecord:
    account_sid: str
    to: str
    from_: str
    persona: str
    attempt: int
    queue_time_ms: int = 0
    direction: str = "outbound-api"
    parent_call_sid: str | None = None
    phone_number_sid: str | None = None
    sid: str = field(default_factory=lambda: make_sid("CA"))
    status: str = "queued"
    answered_by: str | None = None
    created_at: datetime = field(default_factory=utc_now)
    updated_at: datetime = field(default_factory=utc_now)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: int | None = None
    ended_by: str = ""
    sip_code: int = 0
    transcript: list[TranscriptLine] = field(default_factory=list)
    custom_parameters: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    is_deleted: bool = False
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES

    def move_to(self, status: str) -> None:
        self.status = status
        self.updated_at = utc_now()
        if self.is_final:
            self.finished.set()

    def body(self, *, speed: float) -> dict[str, Any]:
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "parent_call_sid": self.parent_call_sid,
            "phone_number_sid": self.phone_number_sid,
            "api_version": API_VERSION,
            "to": self.to,
            "to_formatted": formatted(self.to),
            "from": self.from_,
            "from_formatted": formatted(self.from_),
            "direction": self.direction,
            "status": self.status,
            "answered_by": self.answered_by,
            "start_time": rfc2822(self.start_shown()),
            "end_time": rfc2822(self.ended_at),
            "duration": None if self.duration_seconds is None else str(self.duration_seconds),
            "price": self.price(speed=speed),
            "price_unit": "USD",
            "caller_name": None,
            "forwarded_from": None,
            "group_sid": None,
            "trunk_sid": None,
            "queue_time": str(self.queue_time_ms),
            "date_created": rfc2822(self.created_at),
            "date_updated": rfc2822(self.updated_at),
            "uri": f"{uri}.json",
            "subresource_uris": {name: f"{uri}/{subresource_path(name)}.json" for name in SUBRESOURCES},
        }

    def price(self, *, speed: float) -> str | None:
        """Known a while after the end; only answered calls cost something."""
        if not self.duration_seconds or self.ended_at is None:
            return None
        if utc_now() - self.ended_at < timedelta(seconds=PRICE_KNOWN_AFTER_SECONDS / speed):
            return None
        return f"-{self.price_micros() / 1_000_000:.5f}"

    def start_shown(self) -> datetime | None:
        """Of the answer or, for a call that ended without one, of its beginning."""
        return self.started_at or (self.created_at if self.is_final else None)

    def price_micros(self) -> int:
        """Every started minute counts, at the rate of the destination for callers from where this one calls."""
        minutes = math.ceil((self.duration_seconds or 0) / 60)
        return minutes * minute_micros(self.to, caller=self.from_)

    def cost_micros(self) -> int:
        """What the account pays for it in the end."""
        return self.price_micros() + (DETECTION_MICROS if self.answered_by else 0)

    def summary(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "to": self.to,
            "from": self.from_,
            "status": self.status,
            "persona": self.persona,
            "attempt": self.attempt,
            "answered_by": self.answered_by,
            "duration_seconds": self.duration_seconds,
            "transcript": [vars(line) for line in self.transcript if line.text],
            "custom_parameters": self.custom_parameters,
            "ended_by": self.ended_by,
            "complaints": self.complaints,
            "direction": self.direction,
            "parent_call_sid": self.parent_call_sid,
            "webhooks": [brief(event) for event in self.events],
        }


def brief(event: dict[str, Any]) -> dict[str, Any]:
    """Of one of the call's Events; `status` is None when no usable answer came, and `error_code` then says why."""
    request, response = event["request"], event["response"]
    return {
        "method": request["method"],
        "url": request["url"],
        "call_status": request["parameters"].get("CallStatus"),
        "status": response["response_code"],
        "error_code": response["error_code"],
        "milliseconds": response["request_duration"],
    }


def formatted(number: str) -> str:
    """As people of the United States write theirs; Twilio leaves numbers of other countries as they are."""
    match = NORTH_AMERICAN.fullmatch(number)
    return "({}) {}-{}".format(*match.groups()) if match else number


def subresource_path(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))

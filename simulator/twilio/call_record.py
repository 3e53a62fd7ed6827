"""The Call resource: what Twilio remembers of a call and shows by REST."""

import math
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

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
PRICE_PER_MINUTE_MICROS = {"+34": 48_600, "+1": 14_000, "+52": 32_000}
PRICE_KNOWN_AFTER_SECONDS = 60


def make_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def utc_now() -> datetime:
    return datetime.now(UTC)


def rfc2822(moment: datetime | None) -> str | None:
    return format_datetime(moment) if moment else None


@dataclass
class TranscriptLine:
    """One line of the transcript; `at` is seconds since the answer, as people live them."""

    speaker: str
    text: str
    at: float


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
    is_deleted: bool = False

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATUSES

    def move_to(self, status: str) -> None:
        self.status = status
        self.updated_at = utc_now()

    def body(self, *, speed: float) -> dict[str, Any]:
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "parent_call_sid": self.parent_call_sid,
            "phone_number_sid": self.phone_number_sid,
            "api_version": API_VERSION,
            "to": self.to,
            "to_formatted": self.to,
            "from": self.from_,
            "from_formatted": self.from_,
            "direction": self.direction,
            "status": self.status,
            "answered_by": self.answered_by,
            "start_time": rfc2822(self.started_at),
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

    def price_micros(self) -> int:
        """Every started minute counts, at the rate of the destination."""
        minutes = math.ceil((self.duration_seconds or 0) / 60)
        rate = next((rate for prefix, rate in PRICE_PER_MINUTE_MICROS.items() if self.to.startswith(prefix)), 100_000)
        return minutes * rate

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
        }


def subresource_path(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))

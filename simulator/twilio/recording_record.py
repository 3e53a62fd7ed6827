"""The Recording resource and the file behind it."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulator.twilio.call_record import API_VERSION, PRICE_KNOWN_AFTER_SECONDS, make_sid, rfc2822, utc_now
from simulator.twilio.call_request import RecordingOrder

PRICE_PER_MINUTE = 0.0025


@dataclass
class Pause:
    starts_at: float
    is_skipped: bool
    ends_at: float = 0.0

    @property
    def span(self) -> tuple[float, float]:
        return self.starts_at, self.ends_at


@dataclass
class RecordingRecord:
    """`starts_at`, `ends_at` and the pauses are seconds since the answer, as people live them."""

    account_sid: str
    call_sid: str
    order: RecordingOrder
    starts_at: float
    sid: str = field(default_factory=lambda: make_sid("RE"))
    status: str = "in-progress"
    started_at: datetime = field(default_factory=utc_now)
    updated_at: datetime = field(default_factory=utc_now)
    finished_at: datetime | None = None
    duration_seconds: int | None = None
    ends_at: float = 0.0
    pauses: list[Pause] = field(default_factory=list)
    error_code: int | None = None
    path: Path | None = None

    @property
    def uri(self) -> str:
        return f"/{API_VERSION}/Accounts/{self.account_sid}/Recordings/{self.sid}"

    @property
    def call_uri(self) -> str:
        return f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.call_sid}/Recordings/{self.sid}"

    @property
    def seconds(self) -> float:
        skipped = sum(pause.ends_at - pause.starts_at for pause in self.pauses if pause.is_skipped)
        return max(0.0, self.ends_at - self.starts_at - skipped)

    def move_to(self, status: str) -> None:
        self.status, self.updated_at = status, utc_now()

    def end(self, at: float) -> None:
        self.ends_at = at
        for pause in self.pauses:
            pause.ends_at = pause.ends_at or at
        self.duration_seconds = round(self.seconds)

    def finish(self, status: str, *, seconds: float, path: Path | None = None, error_code: int | None = None) -> None:
        self.path, self.error_code = path, error_code
        self.duration_seconds = max(0, round(seconds))
        self.move_to(status)
        self.finished_at = self.updated_at

    def body(self, *, base_url: str, speed: float = 1.0) -> dict[str, Any]:
        """As the account's lists show it."""
        links = {
            "media_url": f"{base_url}{self.uri}",
            "uri": f"{self.uri}.json",
            "subresource_uris": {
                "transcriptions": f"{self.uri}/Transcriptions.json",
                "add_on_results": f"{self.uri}/AddOnResults.json",
            },
        }
        return self._facts(speed=speed) | links

    def call_body(self, *, speed: float) -> dict[str, Any]:
        """As the call's lists show it: with the track, without the links."""
        return self._facts(speed=speed) | {"track": self.order.track, "uri": f"{self.call_uri}.json"}

    def _facts(self, *, speed: float) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "call_sid": self.call_sid,
            "conference_sid": None,
            "api_version": API_VERSION,
            "channels": self.order.channels,
            "source": self.order.source,
            "status": self.status,
            "start_time": rfc2822(self.started_at),
            "duration": None if self.finished_at is None else str(self.duration_seconds),
            "price": self.price(speed=speed),
            "price_unit": "USD",
            "error_code": self.error_code,
            "encryption_details": None,
            "date_created": rfc2822(self.started_at),
            "date_updated": rfc2822(self.updated_at),
        }

    def price(self, *, speed: float = 1.0) -> str | None:
        """Every started minute costs; known as late as that of a call."""
        if self.status != "completed" or self.finished_at is None:
            return None
        if utc_now() - self.finished_at < timedelta(seconds=PRICE_KNOWN_AFTER_SECONDS / speed):
            return None
        return f"-{math.ceil((self.duration_seconds or 0) / 60) * PRICE_PER_MINUTE:.5f}"

    def callback_fields(self, *, base_url: str) -> dict[str, str]:
        """Without a length yet the duration is -1, which is not documented."""
        fields = {
            "AccountSid": self.account_sid,
            "CallSid": self.call_sid,
            "RecordingSid": self.sid,
            "RecordingUrl": f"{base_url}{self.uri}",
            "RecordingStatus": self.status,
            "RecordingDuration": str(self.duration_seconds if self.duration_seconds is not None else -1),
            "RecordingChannels": str(self.order.channels),
            "RecordingStartTime": rfc2822(self.started_at) or "",
            "RecordingSource": self.order.source,
            "RecordingTrack": self.order.track,
        }
        if self.error_code:
            fields["ErrorCode"] = str(self.error_code)
        return fields

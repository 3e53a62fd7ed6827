"""The Recording resource and the file behind it."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.twilio.call_record import API_VERSION, make_sid, rfc2822, utc_now
from simulator.twilio.call_request import RecordingOrder

PRICE_PER_MINUTE = 0.0025


@dataclass
class RecordingRecord:
    account_sid: str
    call_sid: str
    order: RecordingOrder
    starts_at: float
    sid: str = field(default_factory=lambda: make_sid("RE"))
    status: str = "in-progress"
    started_at: datetime = field(default_factory=utc_now)
    updated_at: datetime = field(default_factory=utc_now)
    duration_seconds: int | None = None
    ends_at: float | None = None
    error_code: int | None = None
    path: Path | None = None

    @property
    def uri(self) -> str:
        return f"/{API_VERSION}/Accounts/{self.account_sid}/Recordings/{self.sid}"

    def finish(self, status: str, *, seconds: float, path: Path | None = None, error_code: int | None = None) -> None:
        self.status, self.path, self.error_code = status, path, error_code
        self.duration_seconds = max(0, round(seconds))
        self.updated_at = utc_now()

    def body(self, *, base_url: str) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "call_sid": self.call_sid,
            "conference_sid": None,
            "api_version": API_VERSION,
            "channels": self.order.channels,
            "source": self.order.source,
            "status": self.status,
            "track": self.order.track,
            "start_time": rfc2822(self.started_at),
            "duration": None if self.duration_seconds is None else str(self.duration_seconds),
            "price": self.price(),
            "price_unit": "USD",
            "error_code": self.error_code,
            "encryption_details": None,
            "media_url": f"{base_url}{self.uri}",
            "uri": f"{self.uri}.json",
            "subresource_uris": {"transcriptions": f"{self.uri}/Transcriptions.json"},
            "date_created": rfc2822(self.started_at),
            "date_updated": rfc2822(self.updated_at),
        }

    def price(self) -> str | None:
        if self.status != "completed":
            return None
        return f"-{math.ceil((self.duration_seconds or 0) / 60) * PRICE_PER_MINUTE:.5f}"

    def callback_fields(self, *, base_url: str) -> dict[str, str]:
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

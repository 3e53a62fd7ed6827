"""A TwiML application: addresses that a call may name by one sid."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.twilio.call_record import API_VERSION, make_sid, rfc2822, utc_now
from simulator.twilio.call_request import Callback


@dataclass
class ApplicationRecord:
    account_sid: str
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    voice_caller_id_lookup: bool = False
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    sms_status_callback: str = ""
    message_status_callback: str = ""
    public_application_connect_enabled: bool = False
    sid: str = field(default_factory=lambda: make_sid("AP"))
    created_at: datetime = field(default_factory=utc_now)
    updated_at: datetime = field(default_factory=utc_now)

    def voice(self) -> Callback:
        return Callback(self.voice_url, self.voice_method, self.voice_fallback_url, self.voice_fallback_method)

    def news(self) -> Callback | None:
        return Callback(self.status_callback, self.status_callback_method) if self.status_callback else None

    def body(self) -> dict[str, Any]:
        shown = {name: value for name, value in vars(self).items() if not name.endswith("_at")}
        return shown | {
            "api_version": API_VERSION,
            "date_created": rfc2822(self.created_at),
            "date_updated": rfc2822(self.updated_at),
            "uri": f"/{API_VERSION}/Accounts/{self.account_sid}/Applications/{self.sid}.json",
        }

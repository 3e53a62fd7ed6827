"""What we ask of the vendors, in our words. Outside `providers/`, webhooks and `signatures` nobody knows a vendor."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class ProviderError(Exception):
    """A vendor refused or failed. Permanent ends the attempt; otherwise trying again may help."""

    def __init__(self, message: str, *, permanent: bool, code: str = "", stops_campaign: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.code = code
        self.stops_campaign = stops_campaign


class OutcomeUnknown(ProviderError):
    """Nobody knows whether the vendor did it (a time-out after sending): never retried, settled by later news."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message, permanent=False, code=code)


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """An outbound call to ask for; the URLs carry our call id and its secret."""

    to_number: str
    from_number: str
    voice_url: str
    fallback_url: str
    status_url: str
    amd_url: str
    ring_timeout_seconds: int
    max_call_seconds: int


@dataclass(frozen=True, slots=True)
class PlacedCall:
    carrier_sid: str


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """A call as the carrier knows it; `status` is one of our `CallStatus` values."""

    carrier_sid: str
    to_number: str
    status: str
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: int | None = None
    answered_by: str = ""
    price_micros: int | None = None
    price_currency: str = ""


@dataclass(frozen=True, slots=True)
class CarrierRecording:
    carrier_sid: str
    duration_seconds: int | None = None


class Telephony(Protocol):
    """The carrier. Every method may raise `ProviderError`; only `place_call` raises `OutcomeUnknown`."""

    def place_call(self, request: PlaceRequest) -> PlacedCall: ...

    def end_call(self, carrier_sid: str) -> None:
        """Hang up, whatever its state; a call that ended already is no error."""

    def cancel_call(self, carrier_sid: str) -> None:
        """Take back a call that nobody has answered; one that was answered is left alone."""

    def redirect_call(self, carrier_sid: str, *, url: str = "", twiml: str = "") -> None:
        """Let a live call continue with other instructions; a call that ended already is no error."""

    def fetch_call(self, carrier_sid: str) -> CarrierCall | None:
        """The carrier's own record, or None when it knows no such call."""

    def find_calls(self, to_number: str, started_after: datetime) -> list[CarrierCall]:
        """Calls to a number that were created at or after an instant (to the second), newest first."""

    def list_calls(self, started_after: datetime) -> Iterator[CarrierCall]:
        """Every call of the account created at or after an instant (to the second), newest first."""

    def live_calls(self) -> Iterator[CarrierCall]:
        """Every call of the account that has not ended."""

    def find_recordings(self, carrier_sid: str) -> list[CarrierRecording]:
        """The recordings of a call that are ready to be fetched."""

    def fetch_recording(self, carrier_sid: str) -> bytes:
        """The sound of a recording, as a WAV file."""

    def delete_recording(self, carrier_sid: str) -> None: ...


class Speech(Protocol):
    """Text to speech."""

    def synthesize(self, text: str, *, voice: str, language: str, model: str) -> Iterator[bytes]:
        """Sound as it is made: mu-law, 8000 Hz, one channel, no header."""


@dataclass(frozen=True, slots=True)
class TextChunk:
    """Some more of the assistant's words."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool."""

    id: str
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


class LanguageModel(Protocol):
    """What thinks of the next words."""

    def reply(
        self, messages: Sequence[dict[str, Any]], *, tools: Sequence[dict[str, Any]], model: str, request_id: str
    ) -> Generator[TextChunk | ToolCall, None, None]:
        """The answer as it comes; closing the generator drops the request."""

"""What a call's webhooks asked and what came back, kept on the call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from simulator.twilio.call_record import CallRecord, rfc2822, utc_now
from simulator.twilio.call_request import Callback
from simulator.twilio.webhook_failures import WebhookFailed

MOST_EVENTS = 1000


class Reply(Protocol):
    """An application's answer."""

    @property
    def status(self) -> int: ...
    @property
    def content_type(self) -> str: ...
    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True)
class WebhookEvent:
    """`seconds` are those of the clock on the wall."""

    target: Callback
    fields: Mapping[str, str]
    seconds: float
    result: Reply | WebhookFailed

    def show(self) -> dict[str, Any]:
        """The names within both halves are not documented."""
        return {
            "request": {"method": self.target.method, "url": self.target.url, "parameters": dict(self.fields)},
            "response": show_result(self.result)
            | {"request_duration": round(self.seconds * 1000), "date_created": rfc2822(utc_now())},
        }


def show_result(result: Reply | WebhookFailed) -> dict[str, Any]:
    if isinstance(result, WebhookFailed):
        return {"response_code": None, "content_type": None, "response_body": None, "error_code": result.code}
    body = result.body.decode("utf-8", "replace")
    kind = result.content_type or None
    return {"response_code": result.status, "content_type": kind, "response_body": body, "error_code": None}


Observer = Callable[[WebhookEvent], None]


def note_on_calls(calls: Mapping[str, CallRecord]) -> Observer:
    """Requests that name no call (audio, for instance) are not noted."""

    def note(event: WebhookEvent) -> None:
        call = calls.get(event.fields.get("CallSid", ""))
        if call is not None and len(call.events) < MOST_EVENTS:
            call.events.append(event.show())

    return note


def forget(event: WebhookEvent) -> None:
    """Of a client that nobody observes."""

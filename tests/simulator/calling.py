"""Places calls from the test application, each to a number of its own."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from tests.simulator.application import Application
from tests.simulator.server import SimulatorHandle

FROM = "+34910000000"
ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
numbers = count(600_000_001)


@dataclass
class Caller:
    simulator: SimulatorHandle
    twilio: Client
    application: Application
    options: dict[str, Any] = field(default_factory=dict)

    def call(self, persona: str, document: str = "", *, number: str = "", **options: Any) -> CallInstance:
        """The document is served at /voice; status callbacks go to /status."""
        number = number or f"+34{next(numbers)}"
        if persona:
            self.simulator.pin(number, persona)
        if document:
            self.application.documents["/voice"] = f"<Response>{document}</Response>"
        settings = {
            "url": f"{self.application.base_url}/voice",
            "status_callback": f"{self.application.base_url}/status",
            "status_callback_event": ALL_EVENTS,
        } | options
        return self.twilio.calls.create(to=number, from_=FROM, **settings)

    def call_to_the_end(self, persona: str, document: str = "", **options: Any) -> dict[str, Any]:
        call = self.call(persona, document, **options)
        return self.wait_for_end(str(call.sid))

    def wait_for_end(self, sid: str, *, seconds: float = 25.0) -> dict[str, Any]:
        final = {"completed", "busy", "failed", "no-answer", "canceled"}
        found = self.simulator.wait_until(
            lambda: self.simulator.call(sid) if self.simulator.call(sid)["status"] in final else None,
            seconds=seconds,
        )
        return dict(found)

    def relay(self, name: str = "talk", attributes: str = "", inside: str = "") -> str:
        url = f"{self.application.ws_url}/relay/{name}"
        return (
            f'<Connect action="/relay-ended"><ConversationRelay url="{url}" language="es-ES" {attributes}>'
            f"{inside}</ConversationRelay></Connect>"
        )

    def statuses(self, sid: str) -> list[str]:
        """Of the delivered status callbacks, by their sequence number, each once."""
        hits = {
            int(hit.form["SequenceNumber"]): hit.form["CallStatus"]
            for hit in list(self.application.hits)
            if hit.path == "/status" and hit.form.get("CallSid") == sid
        }
        return [status for _, status in sorted(hits.items())]

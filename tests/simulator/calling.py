"""Places calls from the test application, each to a number of its own."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

from tests.simulator.application import Application
from tests.simulator.server import SimulatorHandle

FROM = "+34910000000"
ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
FINAL = {"completed", "busy", "failed", "no-answer", "canceled"}
NOT_IN_PROGRESS = 21220
numbers = count(600_000_001)


def make_client(simulator: SimulatorHandle) -> Client:
    """The unmodified SDK, aimed at the practice network."""
    client = Client(simulator.account_sid, simulator.auth_token, http_client=TwilioHttpClient(timeout=60))
    client.api.base_url = simulator.base_url
    return client


@dataclass
class Caller:
    simulator: SimulatorHandle
    twilio: Client
    application: Application
    placed: list[str] = field(default_factory=list)

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
        call = self.twilio.calls.create(to=number, from_=FROM, **settings)
        self.placed.append(str(call.sid))
        return call

    def end_all(self) -> None:
        """No call of one test may still speak in the next."""
        live = [sid for sid in self.placed if self.simulator.call(sid)["status"] not in FINAL]
        for sid in live:
            self._hang_up(sid)
        for sid in live:
            self.wait_for_end(sid)
        self.application.ended.update(self.placed)

    def _hang_up(self, sid: str) -> None:
        """Unless the call has ended by itself since it was looked at."""
        try:
            self.twilio.calls(sid).update(status="completed")
        except TwilioRestException as refusal:
            if refusal.code != NOT_IN_PROGRESS:
                raise

    def call_to_the_end(self, persona: str, document: str = "", **options: Any) -> dict[str, Any]:
        call = self.call(persona, document, **options)
        return self.wait_for_end(str(call.sid))

    def wait_for_end(self, sid: str, *, seconds: float = 60.0) -> dict[str, Any]:
        def ended() -> dict[str, Any] | None:
            call = self.simulator.call(sid)
            return call if call["status"] in FINAL else None

        return dict(self.simulator.wait_until(ended, seconds=seconds))

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

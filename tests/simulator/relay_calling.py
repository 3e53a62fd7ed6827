"""Calls that are handed over to a ConversationRelay server."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from tests.simulator.application import Hit
from tests.simulator.calling import Caller
from tests.simulator.relay_server import Answer, RelayServer, Session

PEOPLE = Path(__file__).parent / "data" / "relay_people"
SPEED = 4.0
SENTENCE = "Le llamo de la clínica del norte para confirmar la cita que tiene el próximo martes por la mañana. "
GREETING = "Buenos días, le llamo de la clínica."


@dataclass
class RelayCalls:
    caller: Caller
    server: RelayServer

    def document(self, attributes: str = "", inside: str = "", *, action: bool = True, after: str = "") -> str:
        """Attributes that are given replace those that every document has."""
        named = {"url": self.server.url, "language": "es-ES"}
        named |= dict(re.findall(r'(\w+)="([^"]*)"', attributes))
        written = " ".join(f'{name}="{value}"' for name, value in named.items())
        connect = '<Connect action="/relay-ended">' if action else "<Connect>"
        return f"{connect}<ConversationRelay {written}>{inside}</ConversationRelay></Connect>{after}"

    def call(self, persona: str, attributes: str = "", inside: str = "", answer: Answer | None = None) -> Session:
        """The session of a call that has been answered."""
        self.server.answer = answer
        before = len(self.server.sessions)
        self.caller.call(persona, self.document(attributes, inside))
        return self.server.session(before + 1)

    def fail(self, attributes: str = "", inside: str = "") -> dict[str, str]:
        """What the action is told of a session that cannot begin."""
        self.caller.application.documents["/relay-ended"] = "<Response><Hangup/></Response>"
        self.caller.call("quiet", self.document(attributes, inside))
        return self.ended().form

    def ended(self, count: int = 1) -> Hit:
        return self.caller.application.wait_for_hit("/relay-ended", count)

    def last_call(self) -> dict[str, Any]:
        return self.caller.simulator.call(self.caller.placed[-1])

    def hang_up(self) -> None:
        self.caller.twilio.calls(self.caller.placed[-1]).update(status="completed")

    def action_url(self) -> str:
        return urljoin(self.caller.application.base_url, "/relay-ended")


def on(kind: str, action: Answer) -> Answer:
    """Does something at the first frame of a kind."""

    def answer(frame: dict[str, Any], session: Session) -> None:
        if frame["type"] == kind and len(session.of(kind)) == 1:
            action(frame, session)

    return answer


def saying(*tokens: str, **flags: Any) -> Answer:
    return on("setup", lambda frame, session: session.say(*tokens, **flags))

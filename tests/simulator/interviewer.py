"""An application that holds the same conversation with everybody, by words alone: nothing depends on when they come."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.simulator.application import Application, Form, say

GREETING = (
    "Buenos días, le llamo de la clínica del Olmo. Soy el asistente virtual de la clínica, y esta llamada puede ser "
    "grabada. ¿Hablo con la persona titular de esta línea?"
)
QUESTIONS = (
    "Muy bien. Le llamo para recordarle su cita del martes a las diez. Cuesta treinta euros. ¿Le viene bien la hora?",
    "De acuerdo, queda anotado, muchas gracias. ¿Cuál es su número de teléfono de contacto?",
    "Perfecto. Y para terminar, del uno al diez, ¿qué nota nos daría, teniendo en cuenta todas sus visitas?",
)
FAREWELL = "Gracias por su tiempo. Que tenga un buen día. Adiós."


@dataclass
class Interviewer:
    """Numbers that end in an even digit are spoken to by <Gather>, the others over a socket."""

    application: Application
    turns: Counter[Any] = field(default_factory=Counter)

    def install(self) -> None:
        self.application.documents |= {"/voice": self.begin, "/turn": self.go_on}
        self.application.talk = self.talk

    def begin(self, form: Form) -> str:
        return document(ask(GREETING) if int(form["To"][-1]) % 2 == 0 else self.connect())

    def go_on(self, form: Form) -> str:
        return document(self.next_words(form["CallSid"]))

    def next_words(self, call: Any) -> str:
        turn, self.turns[call] = self.turns[call], self.turns[call] + 1
        return ask(QUESTIONS[turn]) if turn < len(QUESTIONS) else f'<Say language="es-ES">{FAREWELL}</Say>'

    def connect(self) -> str:
        url = f"{self.application.ws_url}/relay/interview"
        greeting = f'welcomeGreeting="{GREETING}"'
        return f'<Connect><ConversationRelay url="{url}" language="es-ES" {greeting}/></Connect>'

    async def talk(self, socket: web.WebSocketResponse, frame: dict[str, Any]) -> None:
        if frame["type"] == "prompt" and frame["last"]:
            turn, self.turns[socket] = self.turns[socket], self.turns[socket] + 1
            if turn <= len(QUESTIONS):
                await say(socket, (*QUESTIONS, FAREWELL)[turn])


def ask(words: str) -> str:
    return f'<Gather input="speech dtmf" numDigits="1" action="/turn"><Say language="es-ES">{words}</Say></Gather>'


def document(verbs: str) -> str:
    return f"<Response>{verbs}</Response>"

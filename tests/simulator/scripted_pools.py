"""What generated prompts and people are made of, by language."""

import random
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from simulator.openai.prompt import read_prompt
from simulator.openai.rehearse import TOOLS, Script
from simulator.openai.reply import Reply
from simulator.openai.scripted_assistant import ScriptedAssistant

LANGUAGES = ("es-ES", "es-MX", "en-US")
PURPOSES = {
    "es": (
        "Confirmar la cita del próximo viernes en la notaría.",
        "Ofrecer una revisión gratuita de la caldera",
        "La renovación de su abono del teatro.",
        "Campaña de vacunación de otoño: avisar a los pacientes.",
        "Pedir su opinión sobre la mudanza de la semana pasada.",
    ),
    "en": (
        "Confirm the appointment at the notary next Friday.",
        "Offer a free inspection of the boiler",
        "The renewal of your theatre subscription.",
        "Autumn vaccination campaign: tell the patients.",
        "Ask for your opinion on last week's move.",
    ),
}
QUESTIONS = {
    "es": (
        "¿Le viene bien el viernes a las doce?",
        "¿Cuántas personas viven en casa?",
        "¿Quiere probar el servicio durante un mes?",
        "¿Por qué eligió nuestra empresa?",
        "Del uno al diez, ¿qué nota nos daría?",
        "¿Sigue siendo este su correo electrónico?",
        "¿A qué hora prefiere la visita?",
        "¿Tiene mascota?",
    ),
    "en": (
        "Does Friday at noon work for you?",
        "How many people live in your home?",
        "Would you like to try the service for a month?",
        "Why did you choose our company?",
        "From one to ten, how would you rate us?",
        "Is this still your email address?",
        "At what time do you prefer the visit?",
        "Do you have a pet?",
    ),
}
FACTS = {
    "es": (
        "La oficina está en la calle Cervantes 81.",
        "La revisión cuesta 47 euros.",
        "El horario es de diez a seis.",
        "El teléfono de atención es el 955 123 987.",
        "Hay que llevar el documento de identidad.",
        "El aparcamiento del edificio Goya es gratuito.",
        "La visita dura 25 minutos.",
    ),
    "en": (
        "The office is at 81 Cervantes Street.",
        "The inspection costs 47 pounds.",
        "We are open from ten to six.",
        "Our telephone number is 955 123 987.",
        "You need to bring your passport.",
        "The car park of the Goya building is free.",
        "The visit takes 25 minutes.",
    ),
}
ASKING = {
    "es": (
        "¿Dónde está la oficina?",
        "¿Cuánto cuesta la revisión?",
        "¿Qué horario tienen?",
        "¿Me da el teléfono de atención?",
        "¿Tengo que llevar algún documento?",
        "¿Hay aparcamiento?",
        "¿Cuánto dura la visita?",
    ),
    "en": (
        "Where is the office?",
        "How much does the inspection cost?",
        "What are your opening hours?",
        "What is your telephone number?",
        "Do I need to bring a passport or any document?",
        "Is there a car park?",
        "How long does the visit take?",
    ),
}
ANSWERS = {
    "es": ("Sí, claro", "No, la verdad es que no", "Pues un siete", "Por la mañana", "Unos cuatro", "Vale, perfecto"),
    "en": ("Yes, of course", "No, not really", "I'd say a seven", "In the morning", "About four", "Sure, perfect"),
}
OTHER_WORDS = {
    "es": (
        "¿Quién es?",
        "¿De qué se trata?",
        "¿Es usted un robot?",
        "¿Cómo dice?",
        "Espere un momento",
        "Ya estoy",
        "No sé",
        "Eh",
        "¿Me oye?",
        "¿Me lo puede mandar por correo?",
        "Llevo tres semanas esperando, es una vergüenza",
        "¿Y quién fue Napoleón?",
        "Ahora no puedo hablar",
        "Mañana a las cinco",
        "Yes, go ahead",
        "[silence]",
    ),
    "en": (
        "Who is this?",
        "What is this about?",
        "Are you a robot?",
        "Could you repeat that?",
        "Hold on a second",
        "Okay, I'm back",
        "I don't know",
        "Um",
        "Can you hear me?",
        "Can you send me an email?",
        "This is ridiculous, I am fed up",
        "And who was Napoleon?",
        "I can't talk right now",
        "Tomorrow at five",
        "Sí, dígame",
        "[silence]",
    ),
}
NAMES = ("", "Lucía Pérez", "Sr. Antonio Ruiz", "María José Gil", "John Smith")
OPENINGS = {
    "es": ("", "Hola, le habla el asistente virtual de Gestoría Miralles."),
    "en": ("", "Hello, this is the virtual assistant of Miralles Agency."),
}


def base(language: str) -> str:
    return language[:2]


@st.composite
def scripts(draw: st.DrawFn, *, languages: tuple[str, ...] = LANGUAGES) -> Script:
    language = draw(st.sampled_from(languages))
    pool = base(language)
    return Script(
        language=language,
        purpose=draw(st.sampled_from(PURPOSES[pool])),
        questions=tuple(draw(st.lists(st.sampled_from(QUESTIONS[pool]), min_size=1, max_size=5, unique=True))),
        facts=tuple(draw(st.lists(st.sampled_from(FACTS[pool]), max_size=6, unique=True))),
        name=draw(st.sampled_from(NAMES)),
        opening=draw(st.sampled_from(OPENINGS[pool])),
    )


def words_for(language: str) -> st.SearchStrategy[list[str]]:
    """What a person says: answers, questions, and all that disturbs a conversation, in either language at times."""
    pool = base(language)
    own = (*ANSWERS[pool], *ASKING[pool], *OTHER_WORDS[pool])
    foreign = OTHER_WORDS["en" if pool == "es" else "es"]
    return st.lists(st.sampled_from(own) | st.sampled_from(foreign) | st.text(max_size=30), max_size=25)


@dataclass(frozen=True)
class Turn:
    heard: str
    reply: Reply

    def messages(self, number: int) -> list[dict[str, Any]]:
        """The answer with the tools it used, and that the application took them well."""
        calls = [
            {"id": f"c{number}", "type": "function", "function": {"name": tool.name, "arguments": tool.text}}
            for tool in self.reply.tools
        ]
        used = {"tool_calls": calls} if calls else {}
        results = [{"role": "tool", "tool_call_id": call["id"], "content": "ok"} for call in calls]
        return [{"role": "assistant", "content": self.reply.text} | used, *results]


@dataclass(frozen=True)
class Talk:
    """A conversation with the scripted assistant, until it uses a tool that ends the call."""

    script: Script
    turns: tuple[Turn, ...] = ()
    tools: Any = None

    def hear(self, words: str) -> "Talk":
        messages = [{"role": "system", "content": self.script.prompt()}]
        for turn in self.turns:
            messages.append({"role": "user", "content": turn.heard})
            messages += turn.messages(len(messages))
        messages.append({"role": "user", "content": words})
        tools = TOOLS if self.tools is None else self.tools
        reply = ScriptedAssistant(read_prompt(messages), tools).reply()
        return replace(self, turns=(*self.turns, Turn(words, reply)))

    @property
    def said(self) -> list[str]:
        return [turn.reply.text for turn in self.turns]

    @property
    def used(self) -> list[str]:
        return [tool.name for turn in self.turns for tool in turn.reply.tools]

    @property
    def is_over(self) -> bool:
        return bool({"end_call", "mark_do_not_call"} & set(self.used))


def converse(script: Script, words: list[str], *, longest: int = 80, tools: Any = None) -> Talk:
    """These words first, then answers, until the assistant ends the call."""
    talk, rest, dice = Talk(script, tools=tools), list(words), random.Random(len(words))
    answers = ANSWERS[base(script.language)]
    while not talk.is_over and len(talk.turns) < longest:
        talk = talk.hear(rest.pop(0) if rest else dice.choice(answers))
    return talk

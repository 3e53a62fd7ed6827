"""Many ways to say one thing: each must be understood, and nothing else mistaken for it."""

import pytest

from simulator.openai.phrases import intents_of
from simulator.openai.rehearse import Script
from simulator.openai.understanding import Situation, meaning_of
from simulator.people.words import read_words
from tests.simulator.scripted_pools import Talk

SPANISH = Script(
    "es-ES",
    "Confirmar la cita del martes.",
    questions=("¿Le viene bien el martes a las diez?", "¿A qué hora prefiere que le llamemos?"),
    facts=("La consulta está en la calle Mayor 5.",),
    name="Lucía Pérez",
)
MEXICAN = Script("es-MX", "Confirmar su estudio.", questions=("¿Va a poder asistir el jueves?",))
ENGLISH = Script("en-US", "Offer a free trial.", questions=("Would you like to try it?",))

ROBOT = [
    "¿Es usted un robot?",
    "¿Eres un robot?",
    "¿Estoy hablando con una máquina?",
    "Oiga, ¿esto es una grabación?",
    "¿Usted es una inteligencia artificial?",
    "¿Es usted una persona?",
    "¿Eres humano?",
    "¿Hablo con una persona o con un ordenador?",
    "¿Es usted una persona de verdad?",
    "¿Eres de verdad?",
    "¿Eres una IA?",
    "¿Esto es un bot?",
    "¿Es una llamada automática?",
    "¿Estoy hablando con un humano?",
    "Usted no es una persona, ¿verdad?",
    "Suena muy artificial, ¿es usted real?",
    "¿Estoy hablando con una computadora?",
    "¿Es de carne y hueso?",
    "¿Con quién hablo, con una máquina?",
    "Are you a robot?",
    "Are you a real person?",
    "Is this a recording?",
    "Am I talking to a computer?",
    "Are you human?",
    "Is this an automated call?",
    "Are you an AI?",
    "Is that a bot?",
    "You sound robotic, are you real?",
]
OPT_OUT = [
    "No me llame más, por favor",
    "No me llames más",
    "No me llaméis más",
    "No me llamen más",
    "No me vuelva a llamar",
    "No me vuelvas a llamar nunca",
    "No me volváis a llamar",
    "No vuelvan a llamarme",
    "Que no me vuelvan a llamar",
    "No quiero que me llamen más",
    "No quiero que me llame",
    "No quiero más llamadas",
    "No quiero recibir más llamadas suyas",
    "No deseo recibir llamadas",
    "Deje de llamarme",
    "Dejen de molestar",
    "Dejad de llamar ya",
    "Deja de llamarme",
    "Bórreme de la lista",
    "Borradme de vuestra lista",
    "Bórrenme de su base de datos",
    "Quíteme de su lista",
    "Quitadme de la lista",
    "Quítenme de ahí",
    "Elimine mi número, por favor",
    "Eliminen mis datos",
    "Sáquenme de su lista",
    "Sacadme de la base de datos",
    "Denme de baja",
    "Dadme de baja de esto",
    "Quiero que me den de baja",
    "Estoy en la lista Robinson",
    "Estoy inscrito en el REPEP",
    "Ya no me marquen",
    "No me marquen más",
    "Ya no me llamen, por favor",
    "No me molesten más",
    "Déjenme en paz",
    "Dejadme tranquilo",
    "No me llame",
    "Ni una llamada más",
    "Don't call me again",
    "Please do not call me anymore",
    "Never call this number again",
    "Stop calling me",
    "Take me off your list",
    "Remove my number, please",
    "Put me on your do not call list",
    "Leave me alone",
    "No more calls, please",
    "I don't want any more calls",
    "I want to opt out",
    "Unsubscribe me",
    "Lose my number",
]
NO_OPT_OUT = [
    "No me llame ahora, llámeme mañana",
    "No me llame más tarde de las ocho, llámeme antes",
    "No puedo hablar, llámeme luego",
    "Me llaman del trabajo, espere",
    "No me ha llamado nadie",
    "El número de la calle ha cambiado",
    "Sí, borre esa cita y póngame otra",
    "Call me again tomorrow",
    "¿De dónde ha sacado mi número?",
    "Me han quitado de la lista de espera",
    "Don't call me now, call me at five",
    "I don't need to change my number",
]
WRONG = [
    "Se ha equivocado",
    "Se equivocó de número",
    "Número equivocado",
    "Aquí no vive ninguna Lucía",
    "No conozco a esa persona",
    "Yo no soy esa persona",
    "Este ya no es mi número, este número no es de Lucía",
    "Os habéis equivocado",
    "You have the wrong number",
    "Nobody by that name here",
]
HUMAN = [
    "Prefiero hablar con una persona",
    "Páseme con una persona, por favor",
    "¿Puedo hablar con alguien de verdad?",
    "Quiero hablar con un agente",
    "Póngame con un operador",
    "Comuníqueme con un asesor",
    "¿Me puede comunicar con alguien?",
    "No hablo con máquinas",
    "No quiero hablar con una máquina",
    "Que me llame una persona",
    "Can I speak to a person?",
    "I want to talk to a human",
    "Put me through to an agent",
    "I don't talk to machines",
]
LATER = [
    "Ahora no puedo hablar",
    "Me pilla conduciendo",
    "Me pillas en mal momento",
    "Ahorita no puedo",
    "Me agarra manejando",
    "Estoy en una reunión",
    "Llámeme más tarde",
    "¿Me puede marcar en la tarde?",
    "Mejor en otro momento",
    "Lucía no está ahora",
    "No se encuentra en este momento",
    "I'm driving, sorry",
    "This is not a good time",
    "Call me back later",
]
REFUSAL = [
    "No me interesa",
    "No nos interesa, gracias",
    "No estoy interesada",
    "No quiero nada",
    "No quiero contratar nada",
    "Paso, gracias",
    "I'm not interested",
    "I don't want anything",
]
REPEAT = [
    "¿Cómo dice?",
    "¿Puede repetir?",
    "¿Me lo repite?",
    "Perdón, no le he oído",
    "¿Perdón?",
    "¿Mande?",
    "No le entiendo",
    "Más despacio, por favor",
    "Sorry?",
    "Could you say that again?",
    "I didn't catch that",
]
ANSWERS = [
    "Que sí, que sí",
    "Cuando quiera usted",
    "Cómo no, el martes me viene bien",
    "El jueves por la tarde, ¿vale?",
    "Sí, me parece bien, ¿no?",
    "Como usted prefiera",
    "Donde siempre, en la misma calle",
    "Por la mañana me viene mejor",
    "Pues cualquier día menos el lunes",
    "Somos cuatro personas en casa",
    "Sí, sí, el martes está bien",
    "Lo que digan ustedes",
    "Sí, por favor, por correo",
    "La llamada fue bien, gracias",
]


def first_reply(script: Script, words: str) -> Talk:
    return Talk(script).hear("Sí, dígame").hear(words)


@pytest.mark.parametrize("words", ROBOT)
@pytest.mark.parametrize("script", [SPANISH, MEXICAN, ENGLISH], ids=["Spain", "Mexico", "English"])
def test_it_says_what_it_is_in_whatever_words_it_is_asked(script: Script, words: str):
    talk = first_reply(script, words)
    assert ("assistant" if script is ENGLISH else "asistente") in talk.said[-1]
    assert talk.used == []


@pytest.mark.parametrize("words", OPT_OUT)
def test_every_wish_not_to_be_called_is_honoured_with_a_goodbye(words: str):
    for heard in (words, f"Mire, {words[0].lower()}{words[1:]}", f"{words}."):
        talk = first_reply(SPANISH, heard)
        assert talk.used == ["mark_do_not_call"], heard
        assert any(word in talk.said[-1] for word in ("Adiós", "Hasta"))


@pytest.mark.parametrize("words", OPT_OUT)
def test_without_a_tool_for_it_the_wish_still_ends_the_call(words: str):
    tools = {"end_call": {"type": "object", "properties": {"disposition": {"enum": ["completed", "not_interested"]}}}}
    (tool,) = Talk(MEXICAN, tools=tools).hear(words).turns[-1].reply.tools
    assert tool.arguments == {"disposition": "not_interested"}


@pytest.mark.parametrize("words", NO_OPT_OUT)
def test_words_about_another_time_or_number_are_no_such_wish(words: str):
    assert "opt_out" not in intents_of(words)


@pytest.mark.parametrize(
    ("words", "disposition"),
    [
        *((words, "wrong_number") for words in WRONG),
        *((words, "human_requested") for words in HUMAN),
        *((words, "not_interested") for words in REFUSAL),
    ],
)
def test_who_wants_to_end_is_let_go(words: str, disposition: str):
    talk = first_reply(SPANISH, words)
    (tool,) = talk.turns[-1].reply.tools
    assert (tool.name, tool.arguments) == ("end_call", {"disposition": disposition})


@pytest.mark.parametrize("words", LATER)
def test_who_has_no_time_is_asked_for_a_better_moment(words: str):
    talk = first_reply(SPANISH, words)
    asks_when = talk.said[-1].endswith("?") and "martes" not in talk.said[-1]
    assert talk.used == ["schedule_callback"] or asks_when


@pytest.mark.parametrize("words", REPEAT)
def test_what_was_not_understood_is_said_again(words: str):
    said = first_reply(SPANISH, words).said[-1]
    assert "¿Le viene bien el martes a las diez?" in said


@pytest.mark.parametrize("words", ANSWERS)
def test_an_answer_is_not_mistaken_for_a_question_or_a_wish(words: str):
    talk = first_reply(SPANISH, words)
    assert SPANISH.questions[1] in talk.said[-1]
    assert talk.used == []


@pytest.mark.parametrize("language", ["es-ES", "es-MX", "en"])
@pytest.mark.parametrize(
    ("kind", "meanings"),
    [
        ("opt_out", {"opt_out"}),
        ("opt_out_indirect", {"opt_out"}),
        ("robot_question", {"robot"}),
        ("human_request", {"human"}),
        ("refusal", {"refusal"}),
        ("callback", {"callback"}),
        ("callback_later", {"callback"}),
        ("absent", {"callback"}),
        ("repeat", {"repeat"}),
        ("nudge", {"still_there"}),
        ("go_ahead", {"go_on", "topic"}),
        ("yes", {"answer"}),
        ("no", {"answer"}),
        ("unsure", {"unsure"}),
    ],
)
def test_what_the_people_of_the_network_say_is_understood(language: str, kind: str, meanings: set[str]):
    """Callbacks and absences are told before anything was asked, the rest in answer to an offer."""
    is_first = kind in ("callback_later", "absent")
    situation = Situation("" if is_first else "¿Le interesa?", has_spoken=not is_first)
    lines = read_words(language).replies[kind]
    assert {line: meaning_of(line, situation) for line in lines if meaning_of(line, situation) not in meanings} == {}

import pytest

from simulator.openai.prompt import read_prompt
from simulator.openai.scripted_assistant import Reply, ScriptedAssistant

SPANISH = """You are the assistant of a call centre.
# Language
es-ES
# Purpose
Confirmar la cita del próximo martes en la clínica.
# Already said
Hola, soy el asistente virtual de la Clínica Norte.
# Questions
1. ¿Le viene bien el martes a las diez?
2. ¿Sigue siendo correcto su correo?
# Facts
- La consulta está en la calle Mayor 5.
- El teléfono de atención es el 900 100 200.
# Person
Name: Lucía Pérez
# Time
2026-11-22T17:05 (Europe/Madrid)
"""
ENGLISH = """# Language
en-US
# Purpose
Offer a free trial.
# Questions
1. Would you like to try it?
# Facts
- The trial costs nothing for 30 days.
# Person
Name: John Smith
# Time
2026-11-22T17:05 (America/New_York)
"""
TOOLS = {"end_call", "schedule_callback", "mark_do_not_call"}
ASKED_FIRST = "De acuerdo. ¿Le viene bien el martes a las diez?"
ASKED_SECOND = "Perfecto. ¿Sigue siendo correcto su correo?"


def reply(system: str, *lines: str, tools: set[str] = TOOLS) -> Reply:
    """Lines alternate, the person's first."""
    messages = [{"role": "system", "content": system}]
    messages += [{"role": ("user", "assistant")[n % 2], "content": line} for n, line in enumerate(lines)]
    return ScriptedAssistant(read_prompt(messages), {name: {} for name in tools}).reply()


def used(found: Reply) -> list[tuple[str, dict]]:
    return [(tool.name, tool.arguments) for tool in found.tools]


def test_questions_are_asked_in_order_and_then_the_call_ends():
    assert "¿Le viene bien el martes a las diez?" in reply(SPANISH, "Sí, dígame").text
    assert "¿Sigue siendo correcto su correo?" in reply(SPANISH, "Sí", ASKED_FIRST, "Perfecto").text
    last = reply(SPANISH, "Sí", ASKED_FIRST, "Perfecto", ASKED_SECOND, "Sí, ese es")
    assert used(last) == [("end_call", {"disposition": "completed"})]


def test_what_the_opening_said_is_not_said_again():
    assert "Clínica Norte" not in reply(SPANISH, "Sí, dígame").text
    assert "to offer a free trial." in reply(ENGLISH, "Hello?").text


def test_a_question_cut_off_before_it_was_heard_is_asked_again():
    assert "¿Le viene bien el martes a las diez?" in reply(SPANISH, "Sí", "De acuerdo. ¿Le viene", "¿Diga?").text


@pytest.mark.parametrize(
    ("asked", "fact"),
    [
        ("¿Y cuál es la dirección?", "La consulta está en la calle Mayor 5."),
        ("¿Me da el teléfono de atención?", "El teléfono de atención es el 900 100 200."),
    ],
)
def test_questions_are_answered_from_the_facts_and_the_pending_one_comes_back(asked: str, fact: str):
    answer = reply(SPANISH, "Sí", ASKED_FIRST, asked).text
    assert fact in answer
    assert "¿Le viene bien el martes a las diez?" in answer


def test_a_fact_that_is_not_there_is_not_invented():
    answer = reply(SPANISH, "Sí", ASKED_FIRST, "¿Y cuánto cuesta?").text
    assert "Mayor" not in answer
    assert "900" not in answer
    assert any(word in answer for word in ("información", "dato"))


@pytest.mark.parametrize(
    ("system", "asked", "answer"),
    [
        (SPANISH, "¿Es usted un robot?", "asistente"),
        (SPANISH, "¿Estoy hablando con una máquina?", "asistente"),
        (ENGLISH, "Are you a robot?", "assistant"),
        (ENGLISH, "Are you a real person?", "assistant"),
    ],
)
def test_it_never_pretends_to_be_a_person(system: str, asked: str, answer: str):
    found = reply(system, asked)
    assert answer in found.text
    assert found.tools == ()


@pytest.mark.parametrize(
    "words",
    [
        "No me llame más, por favor",
        "Mire, no quiero que me llamen más",
        "Borre mis datos y no me vuelva a llamar",
        "Estoy en la lista Robinson, deje de llamar",
        "No vuelvan a llamarme, hagan el favor",
    ],
)
def test_every_wording_of_an_opt_out_is_understood(words: str):
    assert used(reply(SPANISH, words)) == [("mark_do_not_call", {"reason": words})]


@pytest.mark.parametrize(
    "words", ["Please don't call me again", "Take me off your list, please", "Stop calling me", "Remove my number"]
)
def test_every_english_wording_of_an_opt_out_is_understood(words: str):
    assert used(reply(ENGLISH, words)) == [("mark_do_not_call", {"reason": words})]


@pytest.mark.parametrize(
    ("system", "words", "disposition"),
    [
        (SPANISH, "No me interesa, gracias", "not_interested"),
        (SPANISH, "No, se ha equivocado de número", "wrong_number"),
        (SPANISH, "Aquí no vive nadie con ese nombre", "wrong_number"),
        (SPANISH, "Prefiero hablar con una persona", "human_requested"),
        (SPANISH, "Páseme con una persona, por favor", "human_requested"),
        (ENGLISH, "I'm not interested, thank you", "not_interested"),
        (ENGLISH, "You have the wrong number", "wrong_number"),
        (ENGLISH, "Can I speak to a person?", "human_requested"),
        (SPANISH, "I'm not interested, thank you", "not_interested"),
    ],
)
def test_wishes_to_end_are_honoured_with_their_disposition(system: str, words: str, disposition: str):
    found = reply(system, words)
    assert used(found) == [("end_call", {"disposition": disposition})]
    assert found.text


def test_a_plain_no_is_an_answer_not_a_refusal():
    assert reply(SPANISH, "Sí", ASKED_FIRST, "No, ahora mismo no").tools == ()


@pytest.mark.parametrize(
    ("system", "words", "at"),
    [
        (SPANISH, "Ahora no puedo, ¿me puede llamar dentro de un minuto?", "2026-11-22T17:06:00"),
        (SPANISH, "Me pilla mal, llámeme mañana a las cinco", "2026-11-23T17:00:00"),
        (SPANISH, "Llámeme el lunes por la mañana", "2026-11-23T10:00:00"),
        (ENGLISH, "I can't talk, call me back in 5 minutes", "2026-11-22T17:10:00"),
        (ENGLISH, "Call me tomorrow at 9", "2026-11-23T09:00:00"),
    ],
)
def test_a_callback_is_scheduled_at_the_moment_that_was_meant(system: str, words: str, at: str):
    (tool,) = reply(system, words).tools
    assert (tool.name, tool.arguments["at"]) == ("schedule_callback", at)


def test_a_callback_without_a_time_is_asked_for_one():
    first = reply(SPANISH, "Ahora no puedo hablar")
    assert first.tools == ()
    (tool,) = reply(SPANISH, "Ahora no puedo hablar", first.text, "Pues el jueves a las once").tools
    assert tool.arguments["at"] == "2026-11-26T11:00:00"


def test_after_the_callback_is_set_the_call_ends():
    asked = "¿Me puede llamar dentro de un minuto?"
    found = reply(SPANISH, asked, reply(SPANISH, asked).text, "Perfecto, gracias")
    assert used(found) == [("end_call", {"disposition": "callback"})]


def test_silence_is_asked_about_once_and_then_ends_the_call():
    first = reply(SPANISH, "[silence]")
    assert first.tools == ()
    assert used(reply(SPANISH, "[silence]", first.text, "[silence]")) == [
        ("end_call", {"disposition": "no_conversation"})
    ]


def test_interest_shown_in_an_offer_is_the_disposition():
    found = reply(ENGLISH, "Hello?", "Hello. Would you like to try it?", "Yes, of course")
    assert used(found) == [("end_call", {"disposition": "interested"})]


def test_wording_differs_from_person_to_person():
    def first_words(name: str) -> str:
        return reply(SPANISH.replace("Lucía Pérez", name), "Sí, dígame").text

    assert len({first_words(name) for name in ("Ana", "Luis", "Eva", "Juan", "Marta", "Pablo", "Sara", "Iván")}) > 2


def test_a_prompt_in_no_known_shape_still_gets_an_answer():
    assert reply("Be nice.", "Hello").text


def test_a_time_that_the_application_refuses_is_asked_for_again():
    asked = "Llámeme mañana a las cinco"
    call = {"id": "c1", "type": "function", "function": {"name": "schedule_callback", "arguments": "{}"}}
    messages = [
        {"role": "system", "content": SPANISH},
        {"role": "user", "content": asked},
        {"role": "assistant", "content": "De acuerdo, le llamaremos mañana a las 17:00.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "outside_calling_hours"},
    ]
    again = ScriptedAssistant(read_prompt(messages), {name: {} for name in TOOLS}).reply()
    assert "?" in again.text
    messages += [{"role": "assistant", "content": again.text}, {"role": "user", "content": "Pues el jueves a las once"}]
    (tool,) = ScriptedAssistant(read_prompt(messages), {name: {} for name in TOOLS}).reply().tools
    assert (tool.name, tool.arguments["at"]) == ("schedule_callback", "2026-11-26T11:00:00")

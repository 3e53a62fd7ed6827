"""What happens between two questions: cuts, pauses, repeats, two answers at once, several questions at once."""

import json
import time

import pytest

from simulator.openai.prompt import read_prompt
from simulator.openai.rehearse import Script, can_talk, read_scripts, rehearse
from simulator.openai.reply import Reply
from simulator.openai.scripted_assistant import ScriptedAssistant
from simulator.options import PERSONAS_FOLDER
from simulator.people.persona_file import read_personas
from tests.simulator.scripted_pools import Talk

TUESDAY, EMAIL = "¿Le viene bien el martes a las diez?", "¿Sigue siendo correcto su correo electrónico?"
STREET, PRICE = "La consulta está en la calle Mayor 5.", "La visita cuesta 40 euros."
SCRIPT = Script(
    "es-ES",
    "Confirmar la cita del martes en la clínica.",
    questions=(TUESDAY, EMAIL),
    facts=(STREET, PRICE),
    name="Lucía Pérez",
    opening="Hola, le habla el asistente virtual de la Clínica Sol. Si no quiere más llamadas, pulse nueve.",
)
ASKED = Talk(SCRIPT).hear("Sí, dígame")
PERSONAS = read_personas(PERSONAS_FOLDER)


def after(said: str, heard: str) -> Reply:
    """The reply to `heard`, after the person heard only `said`."""
    lines = [("user", "Sí, dígame"), ("assistant", said), ("user", heard)]
    messages = [{"role": role, "content": content} for role, content in lines]
    system = {"role": "system", "content": SCRIPT.prompt()}
    return ScriptedAssistant(read_prompt([system, *messages]), {}).reply()


def test_who_is_calling_is_told_in_the_words_of_the_opening_without_greeting_again():
    said = Talk(SCRIPT).hear("¿Quién es?").said[-1]
    assert said.startswith("Le habla el asistente virtual de la Clínica Sol.")
    assert said.endswith(TUESDAY)


def test_what_it_is_about_is_told_as_a_sentence():
    said = Talk(SCRIPT).hear("¿De qué se trata?").said[-1]
    assert "confirmar la cita del martes en la clínica." in said
    assert said.endswith(TUESDAY)


def test_a_question_waits_while_something_else_is_talked_about():
    talk = ASKED.hear("¿Quién es?").hear("¿Es usted un robot?").hear("Ah, pues sí")
    assert [text.count(TUESDAY) for text in talk.said] == [1, 1, 1, 0]
    assert EMAIL in talk.said[-1]


def test_a_question_that_was_cut_is_asked_again():
    assert TUESDAY in after("Gracias por atenderme. ¿Le viene", "Sí, sí, eso ya lo sé").text


def test_a_question_that_was_nearly_heard_to_its_end_may_be_answered():
    reply = after("Gracias por atenderme. ¿Le viene bien el martes a las", "Sí, me viene bien")
    assert TUESDAY not in reply.text
    assert EMAIL in reply.text


def test_a_fact_that_was_cut_is_told_again_before_the_question():
    reply = after("Claro. La consulta está en la", "Vale, vale")
    assert reply.text.index(STREET) < reply.text.index(TUESDAY)


def test_two_answers_at_once_leave_nothing_to_ask():
    talk = ASKED.hear("Sí, el martes me viene bien, y el correo electrónico sigue siendo el correcto")
    assert EMAIL not in talk.said[-1]
    assert talk.used == ["end_call"]


def test_an_answer_to_one_question_is_none_to_a_question_alike():
    alike = Script("es-ES", "Revisar datos.", questions=("¿Es correcto su correo?", "¿Es correcta su dirección?"))
    talk = Talk(alike).hear("Sí").hear("Sí, el correo es correcto")
    assert "¿Es correcta su dirección?" in talk.said[-1]


def test_an_answer_that_goes_on_to_ask_counts():
    said = ASKED.hear("Sí, el martes me viene bien. ¿Y cuánto cuesta la visita?").said[-1]
    assert PRICE in said
    assert said.endswith(EMAIL)


def test_several_things_asked_at_once_are_all_answered():
    said = ASKED.hear("¿Dónde está la consulta y cuánto cuesta la visita?").said[-1]
    assert STREET in said
    assert PRICE in said
    assert said.endswith(TUESDAY)


def test_of_several_things_asked_the_unknown_one_is_told_to_be_unknown():
    said = ASKED.hear("¿Dónde está la consulta? ¿Y hay aparcamiento?").said[-1]
    assert STREET in said
    assert any(words in said for words in ("demás", "De lo otro", "Lo otro"))


def test_a_fact_asked_for_twice_is_told_as_such():
    talk = ASKED.hear("¿Dónde está la consulta?").hear("Perdone, ¿dónde está la consulta?")
    assert STREET in talk.said[-1]
    assert any(words in talk.said[-1] for words in ("Como le decía", "Se lo repito", "otra vez"))


def test_what_was_said_is_repeated_when_it_was_not_heard():
    said = ASKED.hear("¿Dónde está la consulta?").hear("¿Cómo dice?").said[-1]
    assert STREET in said
    assert TUESDAY in said


def test_who_asks_for_a_moment_gets_it_and_the_question_again():
    talk = ASKED.hear("Espere un momento")
    assert TUESDAY not in talk.said[-1]
    assert TUESDAY in talk.hear("Ya").said[-1]
    assert EMAIL in talk.hear("Ya está, sí, el martes me viene bien").said[-1]


def test_not_knowing_is_an_answer():
    said = ASKED.hear("Pues no sé qué decirle").said[-1]
    assert TUESDAY not in said
    assert EMAIL in said


def test_what_follows_a_hesitation_counts():
    said = ASKED.hear("Pues… no sé… claro que sí").said[-1]
    assert EMAIL in said
    assert not any(words in said for words in ("No se preocupe", "No hace falta", "lo anoto"))


def test_for_somebody_who_is_out_another_time_is_asked_for_once():
    talk = Talk(SCRIPT).hear("Lucía no está, ha salido")
    assert any(words in talk.said[-1] for words in ("mejor llamar", "volver a llamar"))
    assert talk.hear("Vale, adiós").turns[-1].reply.tools[0].arguments == {"disposition": "callback"}


def test_a_noise_is_none():
    assert TUESDAY in ASKED.hear("Eh").said[-1]


def test_a_complaint_is_noted_and_the_question_stays():
    said = ASKED.hear("Esto es una vergüenza, llevo tres semanas esperando").said[-1]
    assert any(word in said for word in ("queja", "constancia", "anotado"))
    assert said.endswith(TUESDAY)


def test_nothing_is_promised_to_be_sent():
    said = ASKED.hear("¿Me lo puede mandar por correo?").said[-1]
    assert any(words in said for words in ("no puedo enviarle", "no puedo mandarle"))


def test_no_thanks_is_an_answer_to_a_question_and_a_refusal_of_an_offer():
    offer = Script("es-ES", "Ofrecer una prueba.", questions=("¿Le gustaría probar el servicio?", "¿Cuándo?"))
    assert ASKED.hear("No, gracias").used == []
    assert Talk(offer).hear("Sí").hear("No, gracias").turns[-1].reply.tools[0].arguments == {
        "disposition": "not_interested"
    }


def test_an_english_answer_is_understood_and_the_language_stays():
    said = ASKED.hear("Yes, of course").said[-1]
    assert EMAIL in said
    assert any(word in said for word in ("Perfecto", "Muy bien", "De acuerdo", "Estupendo", "Genial", "Fenomenal"))


def test_a_voicemail_is_left_alone():
    talk = Talk(SCRIPT).hear("Ha llamado al 600 000 000. Deje su mensaje después de la señal.")
    assert talk.turns[-1].reply.tools[0].arguments == {"disposition": "no_conversation"}


def test_who_screens_the_call_is_told_who_calls_and_why():
    said = Talk(SCRIPT).hear("Diga su nombre y el motivo de su llamada.").said[-1]
    assert "Clínica Sol" in said
    assert "confirmar la cita" in said


def test_the_key_that_the_opening_offers_is_obeyed():
    assert Talk(SCRIPT).hear("[9]").used == ["mark_do_not_call"]
    assert Talk(SCRIPT).hear("[4]").used == []


@pytest.mark.parametrize(
    ("words", "at", "told"),
    [
        ("Llámeme mañana a las cinco", "2026-11-24T17:00:00", "mañana a las cinco de la tarde"),
        ("Llámeme dentro de veinte minutos", "2026-11-23T11:40:00", "dentro de veinte minutos"),
        ("Llámeme el jueves a la una y media", "2026-11-26T13:30:00", "el jueves a la una y media de la tarde"),
        ("Llámeme hoy a las siete y cuarto", "2026-11-23T19:15:00", "hoy a las siete y cuarto de la tarde"),
        ("Llámeme el tres de diciembre", "2026-12-03T10:00:00", "el jueves día tres a las diez de la mañana"),
        ("Mejor llámeme la semana que viene", "2026-11-30T10:00:00", "el lunes día treinta a las diez de la mañana"),
        ("Llámeme esta noche a las nueve y veinte", "2026-11-23T21:20:00", "hoy a las nueve y veinte de la noche"),
    ],
)
def test_a_callback_is_confirmed_in_words_without_digits(words: str, at: str, told: str):
    talk = ASKED.hear(words)
    assert talk.turns[-1].reply.tools[0].arguments["at"] == at
    assert told in talk.said[-1]


def test_mexico_has_its_own_words():
    said = [Talk(Script("es-MX", "Confirmar su estudio.", questions=(TUESDAY,))).hear("¿Bueno?").said[-1]]
    said += [Talk(SCRIPT).hear("No me llame más").said[-1]]
    assert "contestar" in said[0] or "buen día" in said[0]
    assert "Adiós" in said[1]


def test_who_never_names_a_time_is_let_go():
    talk = ASKED.hear("Ahora no puedo hablar").hear("No sé").hear("No sé, la verdad")
    assert talk.turns[-1].reply.tools[0].arguments == {"disposition": "callback"}


def test_tools_that_end_nothing_leave_the_goodbye_to_words():
    talk = Talk(SCRIPT, tools={}).hear("Sí").hear("Sí").hear("Sí").hear("Gracias, adiós")
    assert talk.used == []
    assert talk.said[-1] in ("Adiós.", "Hasta luego.", "Gracias, adiós.")


def test_a_turn_costs_less_than_three_milliseconds_of_the_processor():
    """Late in a conversation, with words that nobody said before; three hundred calls share one core."""
    talk = ASKED
    for number in range(10):
        talk = talk.hear(
            f"¿Y cuánto cuesta la visita número {number}?" if number % 2 else f"Eh, espere un momento {number}"
        )
    started = time.process_time()
    for number in range(100):
        talk.hear(f"Pues la verdad es que la última vez tardaron bastante, {number} minutos")
    assert (time.process_time() - started) / 100 < 0.003


@pytest.mark.parametrize("name", [name for name, persona in PERSONAS.items() if can_talk(persona)])
def test_every_persona_can_be_rehearsed(name: str):
    lines = rehearse(PERSONAS[name], f"7|{name}")
    assert lines == rehearse(PERSONAS[name], f"7|{name}")
    used = [json.loads(line.partition("[end_call ")[2][:-1]) for line in lines if "[end_call" in line]
    assert len(used) <= 1
    assert all(not line.startswith("assistant: [") for line in lines)


def test_rehearsals_know_a_script_for_every_language_of_the_people():
    languages = {persona.language for persona in PERSONAS.values()}
    assert {"es-ES", "es-MX", "en-US"} <= set(read_scripts())
    assert languages <= {*read_scripts(), "en-GB"}


def test_the_purpose_is_told_once_to_whoever_asks_in_the_middle_of_it():
    said = after("Gracias por atenderme. El", "Espere, espere, ¿de qué se trata?").text
    assert said.count("confirmar la cita del martes en la clínica") == 1
    assert said.endswith(TUESDAY)


@pytest.mark.parametrize("heard", ["Dígame rápido, que tengo prisa", "Sí, pero rapidito", "Un minuto tengo, dígame"])
def test_who_is_in_a_hurry_but_asks_to_be_told_is_told(heard: str):
    assert Talk(SCRIPT).hear(heard).said[-1].endswith(TUESDAY)


def test_who_is_in_a_hurry_and_names_a_time_is_called_then():
    assert "schedule_callback" in str(Talk(SCRIPT).hear("Rapidito no, llámeme mañana a las diez").turns[-1].reply)


@pytest.mark.parametrize("heard", ["No sé cuándo viene", "Pues no me dijo a qué hora regresa", "Ni idea"])
def test_who_picks_up_for_another_and_knows_no_time_is_not_asked_again(heard: str):
    talk = Talk(SCRIPT).hear("Es que soy su hijo, no está en casa").hear(heard)
    assert talk.turns[-1].reply.tools[0].arguments == {"disposition": "callback"}


@pytest.mark.parametrize("heard", ["Que no", "Me viene mal, la verdad", "No, a esa hora me es imposible"])
def test_a_no_in_other_words_is_not_met_with_delight(heard: str):
    said = ASKED.hear(heard).said[-1]
    assert not said.startswith(("Perfecto", "Estupendo", "Genial", "Fenomenal", "Tomo nota"))


@pytest.mark.parametrize("heard", ["Sí, ¿y qué?", "Sí, ¿qué pasa?"])
def test_a_rude_yes_is_no_question(heard: str):
    said = Talk(SCRIPT).hear(heard).said[-1]
    assert said.endswith(TUESDAY)
    assert "información" not in said

import random

import pytest

from simulator.options import PERSONAS_FOLDER
from simulator.people.mind import Mind
from simulator.people.person import Person
from simulator.people.persona_file import read_personas
from simulator.people.words import read_words

PERSONAS = read_personas(PERSONAS_FOLDER)


def mind(persona: str = "cooperative", attempt: int = 1, seed: object = 1) -> Mind:
    return Mind(PERSONAS[persona], attempt, random.Random(str(seed)))


def matches_one_of(words: str, intent: str, language: str = "es-ES") -> bool:
    return any(reply.lower() in words.lower() for reply in read_words(language).replies[intent])


@pytest.mark.parametrize(
    ("heard", "intent"),
    [
        ("Buenas tardes, ¿hablo con Lucía?", "identity_woman"),
        ("¿Hablo con la Dra. Carmen Gil?", "identity_woman"),
        ("¿Es usted Silvano?", "identity_man"),
        ("¿Hablo con Ing. Claudio Páez?", "identity_man"),
        ("¿Hablo con Rosario?", "identity_woman"),
        ("¿Hablo con Carl Patel?", "identity"),
        ("Del uno al diez, ¿qué nota nos pondría?", "score"),
        ("¿Cuántas personas viven en su casa?", "household"),
        ("¿Sigue siendo correcto su correo?", "email"),
        ("¿A qué hora le viene mejor?", "moment"),
        ("Perdone, ¿sigue ahí?", "still_there"),
        ("¿Hay algo más que quiera saber?", "more"),
        ("Muchas gracias por su tiempo. Adiós.", "goodbye"),
        ("¿Qué le pareció el servicio?", "opinion"),
        ("Como le comentaba: ¿sigue siendo correcto su correo?", "email"),
    ],
)
def test_people_react_to_what_is_said_to_them(heard: str, intent: str):
    found = [mind(seed=seed).react(heard).say for seed in range(8)]
    assert sum(matches_one_of(words, intent) for words in found) >= 6


def test_a_yes_or_no_question_gets_mostly_yes_from_the_cooperative():
    found = [mind(seed=seed).react("¿Le viene bien el martes a las diez?").say for seed in range(40)]
    assert sum(matches_one_of(words, "suits_yes") for words in found) > 20


@pytest.mark.parametrize(
    ("heard", "choices"),
    [
        ("¿Prefiere que le enviemos el aviso por correo o por mensaje?", ("por correo", "por mensaje")),
        ("¿Le viene mejor por la mañana o por la tarde?", ("por la mañana", "por la tarde")),
        ("¿Prefiere carta u otro medio?", ("carta", "otro medio")),
    ],
)
def test_offered_a_choice_people_take_one_of_the_two(heard: str, choices: tuple[str, str]):
    found = [mind(seed=seed).react(heard).say.lower() for seed in range(20)]
    assert all(any(choice in words for choice in choices) for words in found)
    assert {choice for choice in choices for words in found if choice in words} == set(choices)


def test_english_speakers_take_one_of_the_two_as_well():
    found = [mind("english-cooperative", seed=seed).react("Would you prefer email or text?").say for seed in range(20)]
    assert all("email" in words.lower() or "text" in words.lower() for words in found)


def test_what_is_offered_in_a_foreign_language_is_not_taken_over():
    found = [
        mind("english-cooperative", seed=seed).react("¿Prefiere por correo o por mensaje?").say for seed in range(9)
    ]
    assert all(matches_one_of(words, "either", "en") for words in found)


def test_whoever_is_asked_about_two_people_does_not_choose_between_them():
    found = [mind(seed=seed).react("¿Nos recomendaría a un amigo o a un familiar?").say for seed in range(20)]
    assert not any("amigo" in words or "familiar" in words for words in found)


def test_the_talkative_tell_each_thing_once():
    for seed in range(20):
        someone = mind("talkative", seed=seed)
        told = " ".join(someone.react("¿Le parece bien el martes?").say for _ in range(6))
        asides = [aside for aside in read_words("es-ES").pieces["asides"] if aside in told]
        assert all(told.count(aside) == 1 for aside in asides)


def test_a_farewell_makes_people_leave():
    assert mind().react("Gracias, adiós.").then == "leave"
    assert mind("english-cooperative").react("Thank you, goodbye.").then == "leave"


def test_the_hurried_have_time_at_the_second_attempt():
    assert "minuto" in mind("hurried-callback").react("Hola, soy el asistente de la clínica.").say
    assert "minuto" not in mind("hurried-callback", attempt=2).react("Hola, soy el asistente de la clínica.").say


@pytest.mark.parametrize("persona", [name for name in PERSONAS if PERSONAS[name].outcomes == ("answer",)])
def test_wording_varies_from_number_to_number(persona: str):
    heard = ("Hola, le llamo de la clínica.", "¿Le viene bien el martes?", "¿A qué hora?", "Gracias. ¿Algo más?")

    def talk(seed: int) -> tuple[str, ...]:
        someone = mind(persona, seed=seed)
        return (someone.pick_up(), *(someone.react(words).say for words in heard))

    told = {talk(seed) for seed in range(30)}
    assert len(told) > 20 or PERSONAS[persona].is_silent


def test_the_same_dice_give_the_same_words():
    def talk() -> list[str]:
        someone = mind(seed="7|+34600000001|1")
        return [someone.pick_up(), *(someone.react("¿Le viene bien?").say for _ in range(5))]

    assert talk() == talk()


@pytest.mark.parametrize(
    ("number", "spoken"), [("+34600123456", "6 0 0 1 2 3 4 5 6"), ("+525512345678", "5 5 1 2 3 4 5 6 7 8")]
)
def test_a_voicemail_tells_the_whole_number_of_its_country(number: str, spoken: str):
    told = {
        Person(PERSONAS["voicemail"], number, attempt, random.Random(attempt)).pick_up_words for attempt in range(20)
    }
    assert all(f" {spoken}." in words for words in told)

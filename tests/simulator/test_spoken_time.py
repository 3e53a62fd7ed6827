from datetime import datetime

import pytest

from simulator.openai.spoken_time import read_spoken_time

NOW = datetime(2026, 11, 22, 17, 5)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("en un minuto", "2026-11-22 17:06"),
        ("dentro de 5 minutos", "2026-11-22 17:10"),
        ("dentro de un par de horas no, en dos horas", "2026-11-22 19:05"),
        ("en media hora", "2026-11-22 17:35"),
        ("mañana a las cinco", "2026-11-23 17:00"),
        ("mañana por la mañana", "2026-11-23 10:00"),
        ("mañana a las nueve y media de la mañana", "2026-11-23 09:30"),
        ("pasado mañana", "2026-11-24 10:00"),
        ("el lunes por la mañana", "2026-11-23 10:00"),
        ("el jueves a las once", "2026-11-26 11:00"),
        ("esta noche a las nueve de la noche", "2026-11-22 21:00"),
        ("por la mañana", "2026-11-23 10:00"),
        ("más tarde", "2026-11-22 19:05"),
        ("in ten minutes", "2026-11-22 17:15"),
        ("tomorrow at 3 pm", "2026-11-23 15:00"),
        ("on Monday morning", "2026-11-23 10:00"),
        ("the day after tomorrow", "2026-11-24 10:00"),
        ("at 6:30", "2026-11-22 18:30"),
        ("later", "2026-11-22 19:05"),
        ("en hora y media", "2026-11-22 18:35"),
        ("en un cuarto de hora", "2026-11-22 17:20"),
        ("dentro de un par de horas", "2026-11-22 19:05"),
        ("a las seis menos cuarto", "2026-11-22 17:45"),
        ("a la una y cuarto", "2026-11-23 13:15"),
        ("sobre las ocho y diez de la noche", "2026-11-22 20:10"),
        ("mañana a partir de las cinco de la tarde", "2026-11-23 17:00"),
        ("mañana a primera hora", "2026-11-23 09:00"),
        ("mañana al mediodía", "2026-11-23 12:00"),
        ("el martes después de comer", "2026-11-24 16:00"),
        ("el lunes que viene a las 17:30", "2026-11-23 17:30"),
        ("la semana que viene", "2026-11-23 10:00"),
        ("el martes de la semana que viene", "2026-11-24 10:00"),
        ("el tres de diciembre a las nueve de la mañana", "2026-12-03 09:00"),
        ("en la tarde, como a las cinco", "2026-11-23 17:00"),
        ("al rato", "2026-11-22 19:05"),
        ("esta noche a las nueve", "2026-11-22 21:00"),
        ("half past six in the evening", "2026-11-22 18:30"),
        ("tomorrow at quarter to nine in the morning", "2026-11-23 08:45"),
        ("after lunch tomorrow", "2026-11-23 16:00"),
        ("tomorrow at 9am", "2026-11-23 09:00"),
        ("next week", "2026-11-23 10:00"),
        ("tonight at eight", "2026-11-22 20:00"),
    ],
)
def test_times_are_understood_as_people_say_them(words: str, moment: str):
    assert read_spoken_time(words, NOW) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("Mejor el lunes tempranito, como a las nueve", "2026-11-30 09:00"),
        ("el lunes por la tarde", "2026-11-30 17:00"),
        ("Monday first thing", "2026-11-30 09:00"),
        ("hoy por la tarde", "2026-11-23 17:00"),
        ("el domingo a las once", "2026-11-29 11:00"),
    ],
)
def test_on_a_monday_monday_is_a_week_away(words: str, moment: str):
    monday = datetime.fromisoformat("2026-11-23 11:20")
    assert read_spoken_time(words, monday) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("words", ["no puedo hablar", "sí, claro", "I am driving", ""])
def test_words_without_a_time_name_no_moment(words: str):
    assert read_spoken_time(words, NOW) is None

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
    ],
)
def test_times_are_understood_as_people_say_them(words: str, moment: str):
    assert read_spoken_time(words, NOW) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("words", ["no puedo hablar", "sí, claro", "I am driving", ""])
def test_words_without_a_time_name_no_moment(words: str):
    assert read_spoken_time(words, NOW) is None

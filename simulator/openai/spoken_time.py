"""Times as people say them: "dentro de cinco minutos", "mañana a las cinco", "on Monday morning"."""

import re
from datetime import datetime, timedelta

from simulator.people.words import plain

NUMBERS = {
    word: value
    for value, words in {
        1: "un una uno one a an",
        2: "dos two couple",
        3: "tres three",
        4: "cuatro four",
        5: "cinco five",
        6: "seis six",
        7: "siete seven",
        8: "ocho eight",
        9: "nueve nine",
        10: "diez ten",
        11: "once eleven",
        12: "doce twelve",
        15: "quince fifteen",
        20: "veinte twenty",
        30: "treinta thirty",
        45: "cuarenta forty",
    }.items()
    for word in words.split()
}
NUMBER = r"(\d{1,3}|" + "|".join(NUMBERS) + ")"
UNIT_MINUTES = {"minut": 1, "hora": 60, "hour": 60, "dia": 1440, "day": 1440, "semana": 10080, "week": 10080}
HALF_HOUR = re.compile(r"\b(media hora|half an hour)\b")
DELAY = re.compile(
    rf"\b(?:en|dentro de|in|pasados?|de aqui a)\s+(?:unos |unas |about )?{NUMBER}\s+"
    r"(minut|hora|hour|dia|day|semana|week)"
)
CLOCK = re.compile(
    rf"\b(?:a las?|sobre las?|hacia las?|at|around|about)\s+{NUMBER}\b(?::(\d\d))?"
    r"(?:\s+(y media|y cuarto|thirty))?\s*(?:de la |in the |por la |en la )?"
    r"(manana|tarde|noche|a\.?m|p\.?m|morning|afternoon|evening)?"
)
WEEKDAYS = ("lunes|monday", "martes|tuesday", "miercoles|wednesday", "jueves|thursday", "viernes|friday")
WEEKEND = ("sabado|saturday", "domingo|sunday")
PARTS_OF_DAY = (
    (r"(por|en|de) la manana|a media manana|morning", 10),
    (r"(por|en|de) la tarde|afternoon", 17),
    (r"(por|en|de) la noche|evening|tonight", 20),
    (r"mediodia|noon", 12),
)
LATER = re.compile(r"\b(mas tarde|luego|en un rato|later|en otro momento|another time)\b")
LATER_MINUTES = 120
DEFAULT_HOUR = 10


def read_spoken_time(text: str, now: datetime) -> datetime | None:
    """The moment meant, in the same local time as `now`; None when no time is named."""
    words = plain(text)
    return read_delay(words, now) or read_day_and_clock(words, now) or read_vague(words, now)


def read_delay(words: str, now: datetime) -> datetime | None:
    if HALF_HOUR.search(words):
        return now + timedelta(minutes=30)
    found = DELAY.search(words)
    if found is None:
        return None
    return now + timedelta(minutes=number_of(found[1]) * UNIT_MINUTES[found[2]])


def read_day_and_clock(words: str, now: datetime) -> datetime | None:
    days, clock = read_days_ahead(words, now), read_clock(words) or read_part_of_day(words)
    if days is None and clock is None:
        return None
    hour, minute = clock or (DEFAULT_HOUR, 0)
    moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days or 0)
    return moment if moment > now else moment + timedelta(days=7 if days is not None else 1)


def read_days_ahead(words: str, now: datetime) -> int | None:
    if re.search(r"pasado manana|day after tomorrow", words):
        return 2
    if re.search(r"(?<!la )(?<!media )\bmanana\b|\btomorrow\b", words):
        return 1
    for weekday, pattern in enumerate((*WEEKDAYS, *WEEKEND)):
        if re.search(rf"\b({pattern})\b", words):
            return (weekday - now.weekday()) % 7
    return 0 if re.search(r"\b(hoy|today|esta (tarde|noche)|this (afternoon|evening))\b", words) else None


def read_clock(words: str) -> tuple[int, int] | None:
    """Without a part of the day, one to seven is taken for the afternoon."""
    found = CLOCK.search(words)
    if found is None or number_of(found[1]) > 23:
        return None
    hour, part = number_of(found[1]), found[4] or ""
    minute = int(found[2] or 0) or {"y media": 30, "thirty": 30, "y cuarto": 15}.get(found[3] or "", 0)
    is_late = part.startswith(("tarde", "noche", "p", "afternoon", "evening"))
    is_early = part.startswith(("manana", "a", "morning")) and not is_late
    if hour < 12 and (is_late or (not is_early and hour < 8)):
        hour += 12
    return hour, minute


def read_part_of_day(words: str) -> tuple[int, int] | None:
    return next(((hour, 0) for pattern, hour in PARTS_OF_DAY if re.search(pattern, words)), None)


def read_vague(words: str, now: datetime) -> datetime | None:
    return now + timedelta(minutes=LATER_MINUTES) if LATER.search(words) else None


def number_of(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[text]

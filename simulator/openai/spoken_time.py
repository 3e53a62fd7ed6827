"""Times as people say them: "dentro de cinco minutos", "mañana a las cinco", "on Monday morning"."""

import re
from datetime import datetime, timedelta

from simulator.people.words import plain

NUMBERS = {
    word: value
    for value, words in {
        1: "un una uno one a an",
        2: "dos two",
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
        13: "trece thirteen",
        14: "catorce fourteen",
        15: "quince fifteen",
        16: "dieciseis sixteen",
        17: "diecisiete seventeen",
        18: "dieciocho eighteen",
        19: "diecinueve nineteen",
        20: "veinte twenty",
        21: "veintiuno twenty-one",
        25: "veinticinco twenty-five",
        30: "treinta thirty",
        35: "treinta-y-cinco thirty-five",
        40: "cuarenta forty",
        45: "cuarenta-y-cinco forty-five",
        50: "cincuenta fifty",
    }.items()
    for word in words.split()
}
NUMBER = r"(\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
UNIT_MINUTES = {"minut": 1, "hora": 60, "hour": 60, "dia": 1440, "day": 1440, "semana": 10080, "week": 10080}
FIXED_DELAYS = (
    (r"\bhora y media\b|\bhour and a half\b", 90),
    (r"\b(media hora|media horita|half an hour|half hour)\b", 30),
    (r"\b(tres cuartos de hora|three quarters of an hour)\b", 45),
    (r"\b(un cuarto de hora|a quarter of an hour)\b", 15),
    (r"\b(un par de minutos|unos minutos|unos minutitos|a couple of minutes|a few minutes)\b", 5),
    (r"\b(un par de horas|unas horas|a couple of hours|a few hours)\b", 120),
    (r"\b(en|dentro de|in) (un rato|un ratito|a while|a bit)\b", 60),
)
DELAY = re.compile(
    rf"\b(?:en|dentro de|in|pasados?|de aqui a|after)\s+(?:unos |unas |about |como )?{NUMBER}\s+"
    r"(minut|hora|hour|dia|day|semana|week)"
)
PART = r"(manana|tarde|noche|madrugada|mediodia|a\.?m\b|p\.?m\b|morning|afternoon|evening)"
CLOCK = re.compile(
    rf"\b(?:a la|a las|las|sobre las?|hacia las?|a eso de las?|at|around|about|after)\s+{NUMBER}\b(?::(\d\d))?"
    rf"(?:\s+(y media|y cuarto|menos cuarto|y \w+|thirty|fifteen|forty-five))?\s*"
    r"(?:h\b|horas\b|o'clock\b|en punto\b)?,?\s*"
    rf"(?:de la |del |in the |por la |en la )?{PART}?"
)
PAST = re.compile(rf"\b(half past|quarter past|quarter to)\s+{NUMBER}\b\s*(?:in the )?{PART}?")
BARE_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d\d))?\s*(a\.?m\b|p\.?m\b)|\b(\d{1,2}):(\d\d)\b")
MINUTES = {"y media": 30, "thirty": 30, "y cuarto": 15, "fifteen": 15, "menos cuarto": -15, "forty-five": 45}
PAST_MINUTES = {"half past": 30, "quarter past": 15, "quarter to": -15}
WEEKDAYS = ("lunes|monday", "martes|tuesday", "miercoles|wednesday", "jueves|thursday", "viernes|friday")
WEEKEND = ("sabado|saturday", "domingo|sunday")
MONTHS = (
    "enero|january",
    "febrero|february",
    "marzo|march",
    "abril|april",
    "mayo|may",
    "junio|june",
    "julio|july",
    "agosto|august",
    "septiembre|setiembre|september",
    "octubre|october",
    "noviembre|november",
    "diciembre|december",
)
PARTS_OF_DAY = (
    (r"a primera hora|tempranito|temprano|first thing|early", 9),
    (r"a ultima hora", 19),
    (r"antes de comer", 13),
    (r"despues de comer|after lunch", 16),
    (r"(por|en|de) la manana|a media manana|morning", 10),
    (r"(por|en|de|a) la tarde|esta tarde|afternoon|a media tarde", 17),
    (r"(por|en|de) la noche|esta noche|evening|tonight", 20),
    (r"mediodia|noon", 12),
)
LATER = re.compile(r"\b(mas tarde|luego|en un rato|al rato|mas al rato|later|en otro momento|another time)\b")
LATER_MINUTES = 120
DEFAULT_HOUR = 10


def read_spoken_time(text: str, now: datetime, *, vague: bool = False) -> datetime | None:
    """The moment meant, in the same local time as `now`; None when no time is named. `vague`: any time will do."""
    words = plain(text)
    moment = read_delay(words, now) or read_day_and_clock(words, now) or read_vague(words, now)
    return moment or (now + timedelta(minutes=LATER_MINUTES) if vague else None)


def read_delay(words: str, now: datetime) -> datetime | None:
    found = DELAY.search(words)
    fixed = next((minutes for pattern, minutes in FIXED_DELAYS if re.search(pattern, words)), None)
    if fixed is not None and not (found and found[2].startswith(("dia", "day", "seman", "week"))):
        return now + timedelta(minutes=fixed)
    if found is None:
        return None
    return now + timedelta(minutes=number_of(found[1]) * UNIT_MINUTES[found[2]])


def read_day_and_clock(words: str, now: datetime) -> datetime | None:
    days, clock = read_days_ahead(words, now), read_clock(words) or read_part_of_day(words)
    if days is None and clock is None:
        return None
    hour, minute = clock or (DEFAULT_HOUR, 0)
    moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days or 0)
    return moment if moment > now else moment + timedelta(days=7 if days else 1)


def read_days_ahead(words: str, now: datetime) -> int | None:
    """Who means the same day says today, not its name."""
    if re.search(r"pasado manana|day after tomorrow", words):
        return 2
    if re.search(r"(?<!la )(?<!media )(?<!las )\bmanana\b|\btomorrow\b", words):
        return 1
    date = read_date(words, now)
    if date is not None:
        return date
    next_week = 7 if re.search(r"(semana que viene|proxima semana|semana siguiente|next week)", words) else 0
    for weekday, pattern in enumerate((*WEEKDAYS, *WEEKEND)):
        if re.search(rf"\b({pattern})s?\b", words):
            return (weekday - now.weekday()) % 7 or 7 if not next_week else 7 - now.weekday() + weekday
    if next_week:
        return 7 - now.weekday()
    return 0 if re.search(r"\b(hoy|today|esta (tarde|noche)|this (afternoon|evening)|tonight)\b", words) else None


def read_date(words: str, now: datetime) -> int | None:
    """El tres de diciembre; December the third is left to those who say the number first."""
    this_month = re.search(rf"\b{NUMBER} (?:de|of) (?:este|this) (?:mes|month)\b", words)
    if this_month and 1 <= number_of(this_month[1]) <= 28:
        day = now.date().replace(day=number_of(this_month[1]))
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=day.day)
        return ((day if day > now.date() else following) - now.date()).days
    for month, names in enumerate(MONTHS, start=1):
        found = re.search(rf"\b{NUMBER}\s+(?:de |of )?({names})\b", words)
        if found and 1 <= number_of(found[1]) <= 28:
            year = now.year + ((month, number_of(found[1])) < (now.month, now.day))
            return (now.date().replace(year=year, month=month, day=number_of(found[1])) - now.date()).days
    return None


def read_clock(words: str) -> tuple[int, int] | None:
    """Without a part of the day, one to seven is taken for the afternoon."""
    past = PAST.search(words)
    if past is not None:
        return on_the_clock(number_of(past[2]), PAST_MINUTES[past[1]], past[3] or "")
    found = CLOCK.search(words)
    if found is not None:
        said = found[3] or ""
        minute = int(found[2] or 0) or MINUTES.get(said, NUMBERS.get(said.removeprefix("y "), 0))
        return on_the_clock(number_of(found[1]), minute, found[4] or part_elsewhere(words))
    bare = BARE_CLOCK.search(words)
    if bare is None:
        return None
    return on_the_clock(int(bare[1] or bare[4]), int(bare[2] or bare[5] or 0), bare[3] or "")


def part_elsewhere(words: str) -> str:
    """Esta noche a las nueve."""
    found = re.search(r"\b(?:esta|por la|en la|this|in the) (tarde|noche|afternoon|evening)\b|(tonight)", words)
    return (found[1] or "evening") if found else ""


def on_the_clock(hour: int, minute: int, part: str) -> tuple[int, int] | None:
    """Minutes below zero are to the hour."""
    if hour > 23:
        return None
    is_late = part.startswith(("tarde", "noche", "p", "afternoon", "evening"))
    is_early = part.startswith(("manana", "madrugada", "a", "morning")) and not is_late
    if hour < 12 and (is_late or (not is_early and hour < 8)):
        hour += 12
    if hour == 12 and is_early:
        hour = 0 if part.startswith("a") else hour
    moment = hour * 60 + minute
    return moment // 60 % 24, moment % 60


def read_part_of_day(words: str) -> tuple[int, int] | None:
    return next(((hour, 0) for pattern, hour in PARTS_OF_DAY if re.search(pattern, words)), None)


def read_vague(words: str, now: datetime) -> datetime | None:
    return now + timedelta(minutes=LATER_MINUTES) if LATER.search(words) else None


def number_of(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[text]

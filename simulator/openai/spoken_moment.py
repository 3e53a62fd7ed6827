"""A moment in words, as one says it on the telephone: no digits."""

from datetime import datetime

from simulator.openai.phrases import Table

SOON_MINUTES = 59
WEEK_DAYS = 6


def tell_moment(moment: datetime, now: datetime, when: Table) -> str:
    minutes = round((moment - now).total_seconds() / 60)
    if minutes <= SOON_MINUTES:
        return str(when["minute" if minutes <= 1 else "minutes"].format(count=number(minutes, when)))
    days = (moment.date() - now.date()).days
    name = {0: "today", 1: "tomorrow"}.get(days, "day" if days <= WEEK_DAYS else "date")
    weekday = when["weekdays"][moment.weekday()]
    date = when["dates"].split()[moment.day - 1].replace("treinta-y-", "treinta y ")
    return str(when[name].format(weekday=weekday, date=date, clock=clock(moment, when)))


def clock(moment: datetime, when: Table) -> str:
    hour = moment.hour % 12 or 12
    form = "clock_at_one" if hour == 1 else "clock"
    part = next(name for until, name in when["parts"] if moment.hour < until)
    said_hour = when["numbers"].split()[hour]
    return str(when[form].format(hour=said_hour, minute=past(moment.minute, when), part=part))


def past(minute: int, when: Table) -> str:
    if minute == 0:
        return ""
    named = {15: "quarter", 30: "half"}.get(minute, "past_small" if minute < 10 else "past")
    return str(when[named].format(minute=number(minute, when)))


def number(value: int, when: Table) -> str:
    """Up to fifty-nine."""
    words: list[str] = when["numbers"].split()
    if value < len(words):
        return words[value]
    tens, units = when["tens"][value // 10], value % 10
    return f"{tens}{when['joint']}{words[units]}" if units else str(tens)

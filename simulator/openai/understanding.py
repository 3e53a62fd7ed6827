"""What the person meant, given what was asked before."""

import re
from dataclasses import dataclass
from datetime import datetime

from simulator.openai.phrases import content_words, folded, intents_of, overlap, simple
from simulator.openai.spoken_time import DELAY, read_clock, read_days_ahead

SILENCE = "[silence]"
KEY_PRESS = re.compile(r"\[[0-9*#]\]")
FIRST = ("opt_out", "voicemail", "wrong_number", "human", "refusal")
SMALL_TALK = ("other_language", "who", "topic", "written", "complaint")
PAUSES = ("wait", "repeat")
TAGS = re.compile(
    r"(no|si|y que|que pasa|vale|eh|verdad|ok|okay|de acuerdo|le parece|te parece|sabe|right|all right|yes)"
)
TIME_QUESTION = re.compile(
    r"\b(hora|horario|cuando|dia|fecha|franja|momento|manana|tarde|semana|time|when|day|date|morning|afternoon)\b"
)
FEWEST_WORDS_OF_QUESTION = 2
ANY_DAY = datetime.fromisoformat("2000-01-03")
AHEAD_SHARE, AHEAD_WORDS = 0.6, 2


@dataclass(frozen=True)
class Situation:
    """What was open when the person spoke: the question asked, a time awaited, a pause granted, an offer made."""

    pending: str = ""
    awaits_time: bool = False
    waits: bool = False
    offered: bool = False
    has_spoken: bool = False
    was_cut: bool = False


def meaning_of(heard: str, situation: Situation) -> str:
    """One name: of a pattern, or silence, question, answer, nothing."""
    if heard.strip() == SILENCE:
        return "silence"
    intents = intents_of(heard)
    first = next((intent for intent in FIRST if intent in intents), "")
    if first:
        return first
    if "robot" in intents:
        return "robot"
    if wants_callback(heard, intents, situation) and not is_brisk(heard, intents):
        return "callback"
    return meaning_of_talk(heard, intents, situation)


def meaning_of_talk(heard: str, intents: frozenset[str], situation: Situation) -> str:
    if is_declined_offer(intents, situation):
        return "refusal"
    for intent in (*SMALL_TALK, *PAUSES):
        if intent in intents and (intent not in PAUSES or "who" not in intents):
            return intent
    if "still_there" in intents and "go_on" not in intents and situation.has_spoken:
        return "still_there"
    if asked_parts(heard):
        return "question"
    if "goodbye" in intents:
        return "goodbye"
    return meaning_of_answer(heard, intents, situation)


def meaning_of_answer(heard: str, intents: frozenset[str], situation: Situation) -> str:
    if situation.waits and ("resume" in intents or len(heard.split()) <= 2):
        return "go_on"
    if {"go_on", "resume", "brisk"} & intents and situation.has_spoken:
        return "go_on"
    if "filler" in intents:
        return "unclear"
    if situation.offered and "affirmative" in intents and len(heard.split()) <= 3:
        return "accepts_offer"
    return "unsure" if "unsure" in intents_of(settled(heard)) and situation.pending else "answer"


def settled(heard: str) -> str:
    """What is left after the hesitation: pues… no sé… claro que sí."""
    rest = heard.rpartition("…")[2].strip(" .")
    return rest or heard


def wants_callback(heard: str, intents: frozenset[str], situation: Situation) -> bool:
    """Where a time was asked for, most words are about the time; asked for a day, "later" is an answer."""
    if situation.awaits_time:
        return not asked_parts(heard) or "callback" in intents
    if "callback" not in intents:
        return not situation.pending and not situation.offered and names_time(heard)
    is_answer = bool(TIME_QUESTION.search(simple(situation.pending))) and "llam" not in simple(heard)
    return not is_answer or "call" in simple(heard)


def is_brisk(heard: str, intents: frozenset[str]) -> bool:
    """Who is in a hurry, but asks to be told now."""
    return "brisk" in intents and not names_time(heard)


def names_time(heard: str) -> bool:
    """To somebody who has asked nothing yet, a day or an hour is the time of another call."""
    words = folded(heard)
    has_day = read_days_ahead(words, ANY_DAY) is not None
    has_clock = bool(re.search(r"\b(a la|a las|at)\b", words)) and read_clock(words) is not None
    return has_clock or (has_day and len(words.split()) > 1) or bool(DELAY.search(words))


def is_declined_offer(intents: frozenset[str], situation: Situation) -> bool:
    """ "No, thank you" declines what is offered; to any other question it is an answer."""
    if "polite_no" not in intents or situation.offered:
        return False
    return not situation.pending or "interest" in intents_of(situation.pending)


def asked_parts(heard: str) -> list[str]:
    """Each thing that is asked, as its own words."""
    marked = [part for part in re.findall(r"(?:¿[^?]*|[^.!?¿]+)\?", heard) if is_question(part)]
    unmarked = [part for part in re.split(r"[.!?]+", heard) if "asks" in intents_of(part) and "?" not in heard]
    parts = marked or [part for part in unmarked if len(part.split()) > FEWEST_WORDS_OF_QUESTION]
    return [piece.strip() for part in parts for piece in re.split(AND_ASKS, part) if piece.strip(" ¿?,")]


AND_ASKS = re.compile(
    r",?\s+(?:y|and|e)\s+(?=(?:qué|cuál|cuáles|cuándo|cuánto|cuánta|dónde|cómo|a qué|en qué|si |"
    r"what|when|where|how|which|who|is there|do you)\b)",
    re.IGNORECASE,
)


def is_question(part: str) -> bool:
    asked = part.rpartition("¿")[2]
    is_tag = TAGS.fullmatch(simple(asked.rpartition(",")[2]))
    return len(simple(asked).split()) >= FEWEST_WORDS_OF_QUESTION and not is_tag


def answers_before_asking(heard: str) -> bool:
    """Sí, me viene bien. ¿Y cuánto cuesta?"""
    before = re.split(r"¿|[^.!]*\?", heard)[0].strip()
    intents = intents_of(before)
    return len(before.split()) > 2 and bool({"affirmative", "negative"} & intents) and before.endswith((".", ","))


def answered_ahead(heard: str, pending: str, later: tuple[str, ...]) -> list[str]:
    """Questions not asked yet that some part of the words answers better than the pending one."""
    clauses = [content_words(clause) for clause in re.split(r"[.,;]|\s(?:y|and)\s", heard)]
    found = []
    for question in later:
        wanted = content_words(question)
        for clause in clauses:
            is_close = len(wanted & clause) >= AHEAD_WORDS and overlap(wanted, clause) >= AHEAD_SHARE
            if is_close and overlap(wanted, clause) > overlap(content_words(pending), clause):
                found.append(question)
                break
    return found

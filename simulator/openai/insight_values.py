"""What the conversation tells about one property, by the words of its name and description; None when nothing."""

import re
from collections.abc import Mapping
from typing import Any

from simulator.openai.insight import Exchange, Insight
from simulator.openai.phrases import content_words, folded, intents_of
from simulator.openai.spoken_time import NUMBERS
from simulator.openai.tool_choice import choose, normal
from simulator.openai.transcript import words_of_name

Words = frozenset[str]
OUTCOME = {"disposition", "outcome", "result", "resultado", "status", "estado"}
SUMMARY = {"summary", "resumen", "overview", "recap", "synopsis"}
MOMENT = {"callback", "datetime", "moment", "rellamada"}
NEXT = {"next", "step", "action", "siguiente", "follow", "followup"}
REASON = {"reason", "motivo", "quote", "cita", "why", "evidence", "note", "notes"}
NAMES = {"name", "nombre"}
LANGUAGE = {"language", "idioma", "lang"}
SENTIMENT = {"sentiment", "mood", "sentimiento", "tone", "animo"}
RATING = {"rating", "score", "nota", "puntuacion", "grade", "satisfaction", "satisfaccion"}
FLAGS = {
    "do_not_call": {"opt", "opted", "dnc", "unsubscribe", "baja", "suppress", "suppression"},
    "callback": {"callback", "rellamada", "later"},
    "wrong_number": {"wrong", "equivocado"},
    "human_requested": {"human", "transfer", "handoff", "escalate", "escalation", "humano"},
    "voicemail": {"voicemail", "machine", "buzon", "contestador"},
    "interested": {"interested", "interest", "interes", "interesado"},
}
SENTIMENTS = {
    "positive": ("positive", "positivo", "positiva", "happy", "good"),
    "neutral": ("neutral", "mixed", "unknown", "neutro"),
    "negative": ("negative", "negativo", "negativa", "unhappy", "bad"),
}
YES = ("yes", "si", "true", "accepted", "confirmed", "agreed")
NO = ("no", "false", "declined", "rejected", "refused")
NOTHING_SAID = ("unknown", "none", "not_answered", "unclear", "n_a", "na", "other", "no_answer", "unanswered")


def find_text(insight: Insight, schema: Mapping[str, Any], name: Words, wanted: Words) -> str | None:
    if schema.get("format") in ("date-time", "date", "time") or name & MOMENT:
        return insight.callback_at.isoformat(timespec="seconds") if insight.callback_at else None
    if insight.focus is not None and name & {"question", "pregunta", "answer", "respuesta"}:
        return insight.focus.question if name & {"question", "pregunta"} else insight.focus.answer
    told = {
        "summary": (SUMMARY, insight.summary),
        "next": (NEXT, insight.next_step),
        "outcome": (OUTCOME, lambda: insight.disposition),
        "sentiment": (SENTIMENT, lambda: insight.sentiment),
        "language": (LANGUAGE, lambda: insight.language),
        "reason": (REASON, lambda: insight.settling_words or None),
        "name": (NAMES, lambda: insight.prompt.name or None),
    }
    for words, tell in told.values():
        if name & words:
            return tell()
    found = exchange_about(insight, wanted)
    return found.answer if found else None


def find_boolean(insight: Insight, wanted: Words) -> bool | None:
    disposition = insight.disposition
    if {"not", "call"} <= wanted or {"no", "llamar"} <= wanted:
        return disposition == "do_not_call"
    for outcome, words in FLAGS.items():
        if wanted & words:
            return disposition == outcome
    if wanted & {"complaint", "complained", "queja", "reclamacion"}:
        return bool(insight.complaints)
    if wanted & {"reached", "contacted", "conversation", "contactado"}:
        return disposition not in ("voicemail", "no_conversation", "wrong_number")
    if wanted & {"completed", "complete", "finished", "completada"}:
        return disposition in ("completed", "interested")
    found = exchange_about(insight, wanted)
    return "affirmative" in intents_of(found.answer) if found else None


def find_number(insight: Insight, wanted: Words) -> float | None:
    if wanted & {"count", "total", "cantidad"}:
        asked = wanted & {"questions", "preguntas", "asked"}
        return len(insight.asked if asked and wanted & {"person", "caller"} else insight.answered)
    if wanted & {"sentiment", "sentimiento"}:
        return {"positive": 1, "neutral": 0, "negative": -1}[insight.sentiment]
    numbers = [(part, number_in(part.answer)) for part in insight.answered]
    found = exchange_about(insight, wanted)
    if found is not None and number_in(found.answer) is not None:
        return number_in(found.answer)
    rated = [number for part, number in numbers if number is not None and asks_for_rating(part)]
    return rated[0] if wanted & RATING and rated else None


def find_choice(insight: Insight, values: list[Any], wanted: Words, *, only_told: bool = False) -> Any:
    """The value that was meant; else, unless only what was told counts, one that claims nothing."""
    options = {normal(str(value)): value for value in values}
    if wanted & SENTIMENT or len(set(SENTIMENTS) & set(options)) > 1:
        return next((options[word] for word in SENTIMENTS[insight.sentiment] if word in options), values[0])
    found = exchange_about(insight, wanted)
    if is_about_outcome(options, wanted):
        return choose(insight.disposition, [str(value) for value in values])
    if found is not None:
        return chosen_in(found.answer, options)
    if wanted & LANGUAGE:
        return next((value for name, value in options.items() if name[:2] == insight.language[:2]), values[0])
    if only_told:
        return None
    return next((options[name] for name in NOTHING_SAID if name in options), values[0])


def is_about_outcome(options: dict[str, Any], wanted: Words) -> bool:
    known = {"do_not_call", "not_interested", "wrong_number", "voicemail", "callback", "no_conversation", "interested"}
    return bool(wanted & OUTCOME) or len(known & set(options)) > 1


def chosen_in(answer: str, options: dict[str, Any]) -> Any:
    """Named in the answer, else by yes and no, else nothing said."""
    words = content_words(answer)
    named = [value for name, value in options.items() if words & content_words(name.replace("_", " "))]
    intents = intents_of(answer)
    sided = YES if "affirmative" in intents else NO if "negative" in intents else NOTHING_SAID
    said = (options[name] for name in (*sided, *NOTHING_SAID) if name in options)
    return named[0] if named else next(said, next(iter(options.values())))


def find_list(insight: Insight, name: Words) -> list[str]:
    if name & {"objections", "complaints", "quejas", "objeciones"}:
        return [*insight.complaints, *([insight.settling_words] if insight.settling_words else [])]
    if name & {"asked", "doubts", "dudas"} or {"questions", "person"} <= name:
        return insight.asked
    if name & {"questions", "topics", "temas", "preguntas"}:
        return [part.question for part in insight.answered]
    if name & {"answers", "respuestas", "facts", "key", "points", "puntos"}:
        return [part.answer for part in insight.answered]
    return []


def exchange_about(insight: Insight, wanted: Words) -> Exchange | None:
    return insight.focus or insight.about(content_words(" ".join(wanted)) | wanted)


def asks_for_rating(part: Exchange) -> bool:
    return bool(words_of_name(part.question) & RATING) or bool(
        re.search(r"(uno|1|one) (al|a|to) ", folded(part.question))
    )


def number_in(text: str) -> float | None:
    found = re.search(r"\d+(?:[.,]\d+)?", text)
    if found:
        return float(found[0].replace(",", "."))
    words = [
        word
        for word in re.findall(r"[a-z-]+", folded(text))
        if word in NUMBERS and word not in ("a", "an", "un", "una")
    ]
    spoken = words or [word for word in re.findall(r"[a-z-]+", folded(text)) if word in ("un", "una")]
    return NUMBERS[spoken[0]] if spoken else None

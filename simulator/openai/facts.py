"""Which of the prompt's facts answers what was asked."""

from simulator.openai.phrases import content_words, overlap
from simulator.openai.understanding import asked_parts

ENOUGH = 0.2


def facts_for(heard: str, facts: tuple[str, ...]) -> tuple[list[str], bool]:
    """The facts that answer each thing asked, without doubles, and whether something remains without an answer."""
    parts = asked_parts(heard) or [heard]
    best = [best_fact(part, facts) for part in parts]
    return list(dict.fromkeys(fact for fact in best if fact)), not all(best)


def best_fact(asked: str, facts: tuple[str, ...]) -> str:
    """By shared words; a fact that shares none is no answer."""
    wanted = content_words(asked)
    scored = [(overlap(wanted, content_words(fact)), -place) for place, fact in enumerate(facts)]
    best = max(scored, default=(0.0, 0))
    return facts[-best[1]] if best[0] >= ENOUGH else ""

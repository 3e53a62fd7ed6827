"""What came of a call, in the words that an application offers for it."""

from simulator.openai.phrases import simple

NEXT_BEST = {
    "do_not_call": ("opt_out", "opted_out", "dnc", "no_llamar", "not_interested"),
    "voicemail": ("answering_machine", "machine", "buzon", "no_conversation"),
    "no_conversation": ("no_answer", "silence", "incomplete"),
    "human_requested": ("human", "transfer", "escalate", "callback"),
    "callback": ("call_back", "later", "rellamada", "follow_up"),
    "interested": ("success", "positive", "interesado", "yes"),
    "not_interested": ("refused", "declined", "negative", "no_interesado", "no"),
    "wrong_number": ("wrong_person", "numero_equivocado", "not_interested", "no_conversation"),
}
LAST_RESORTS = ("completed", "complete", "done", "neutral", "unknown", "none", "other")


def choose(wanted: str, options: list[str]) -> str | None:
    """The option itself, else the next best on offer, else whatever claims least."""
    by_name = {normal(option): option for option in options}
    wishes = (wanted, *NEXT_BEST.get(wanted, ()), *LAST_RESORTS)
    return next((by_name[wish] for wish in wishes if wish in by_name), options[0] if options else None)


def normal(option: str) -> str:
    return simple(option).replace(" ", "_").replace("-", "_")

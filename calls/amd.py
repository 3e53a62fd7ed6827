"""Answering machine detection: the carrier's verdict in our words. Pure.

`unknown` stays uncertain: it is taken neither for a person nor for a machine.
"""

from calls.models.call import AnsweredBy

VERDICTS: dict[str, AnsweredBy] = {
    "human": AnsweredBy.HUMAN,
    "machine_start": AnsweredBy.VOICEMAIL,
    "machine_end_beep": AnsweredBy.VOICEMAIL,
    "machine_end_silence": AnsweredBy.VOICEMAIL,
    "machine_end_other": AnsweredBy.VOICEMAIL,
    "fax": AnsweredBy.FAX,
    "unknown": AnsweredBy.UNCERTAIN,
}

MACHINES = frozenset({AnsweredBy.VOICEMAIL, AnsweredBy.FAX})


def answered_by(verdict: str) -> AnsweredBy:
    """A verdict that we have never heard of is uncertain too."""
    return VERDICTS.get(verdict, AnsweredBy.UNCERTAIN)


def is_machine(answered_by: str) -> bool:
    return answered_by in MACHINES

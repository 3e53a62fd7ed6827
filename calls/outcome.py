"""What a call came to: its default result, and the word that retries go by. Pure."""

from calls.models.call import AnsweredBy, CallStatus
from campaigns.models import Disposition

NO_RESULT = frozenset({"", Disposition.NO_CONVERSATION, Disposition.VOICEMAIL, Disposition.FAILED})
"""Dispositions that say that the business got nothing; any real result replaces them."""


def disposition_at_end(*, settled: str, status: str, answered_by: str) -> str:
    """What was settled in the call, or what follows from line and answer.

    Unanswered calls have none: their status says it. Calls that reached a voicemail are counted as that.
    """
    if settled not in ("", Disposition.NO_CONVERSATION):
        return settled
    if status == CallStatus.FAILED:
        return Disposition.FAILED
    if status != CallStatus.COMPLETED:
        return ""
    return Disposition.VOICEMAIL if answered_by == AnsweredBy.VOICEMAIL else Disposition.NO_CONVERSATION


def outcome_of(*, status: str, disposition: str) -> str:
    """The key of the campaign's retry delays: the disposition where there was an answer, else the line's status."""
    if disposition and status == CallStatus.COMPLETED:
        return disposition
    return disposition if disposition not in NO_RESULT else status


def may_replace(*, current: str, new: str) -> bool:
    """The first real result of a call stays; a wish not to be called always counts."""
    if new == Disposition.DO_NOT_CALL:
        return current != new
    return current == "" or (current in NO_RESULT and new not in NO_RESULT)

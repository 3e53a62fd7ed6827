"""Where a call leaves its contact in the campaign. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from campaigns.models import ContactStatus, Disposition
from campaigns.retry import next_attempt

ATTEMPTS_BEYOND_THE_CAP_FOR_A_CALLBACK = 1
"""A promised callback is kept even when the ordinary attempts are used up, once."""

_FINAL: dict[str, ContactStatus] = {
    Disposition.DO_NOT_CALL: ContactStatus.BLOCKED,
    Disposition.WRONG_NUMBER: ContactStatus.FAILED,
    Disposition.INTERESTED: ContactStatus.DONE,
    Disposition.COMPLETED: ContactStatus.DONE,
    Disposition.NOT_INTERESTED: ContactStatus.DONE,
    Disposition.HUMAN_REQUESTED: ContactStatus.DONE,
    "canceled": ContactStatus.DONE,
}


@dataclass(frozen=True, slots=True)
class Standing:
    status: ContactStatus
    next_attempt_at: datetime | None = None
    is_callback: bool = False


def standing_after(
    *,
    outcome: str,
    callback_at: datetime | None,
    attempts: int,
    max_attempts: int,
    delays: Mapping[str, int],
    ended_at: datetime,
) -> Standing:
    """A final result ends it; a promised callback beats the retry; else the campaign's retry delays decide."""
    if outcome in _FINAL:
        return Standing(_FINAL[outcome])
    if outcome == Disposition.CALLBACK:
        return _standing_after_promise(callback_at, attempts, max_attempts)
    retry_at = next_attempt(outcome=outcome, attempts=attempts, max_attempts=max_attempts, delays=delays, now=ended_at)
    return Standing(ContactStatus.PENDING, retry_at) if retry_at else Standing(ContactStatus.EXHAUSTED)


def not_before(standing: Standing, instant: datetime) -> Standing:
    """The same, with no attempt before that instant."""
    if standing.next_attempt_at is None or standing.next_attempt_at >= instant:
        return standing
    return replace(standing, next_attempt_at=instant)


def attempts_allowed(*, max_attempts: int, is_callback: bool) -> int:
    return max_attempts + ATTEMPTS_BEYOND_THE_CAP_FOR_A_CALLBACK * is_callback


def _standing_after_promise(callback_at: datetime | None, attempts: int, max_attempts: int) -> Standing:
    if callback_at is None:
        return Standing(ContactStatus.DONE)
    if attempts >= attempts_allowed(max_attempts=max_attempts, is_callback=True):
        return Standing(ContactStatus.EXHAUSTED)
    return Standing(ContactStatus.PENDING, callback_at, is_callback=True)

"""Stores why contacts were not called, so that people can read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from calls.spending import at_their_budget
from campaigns.models import ContactStatus, PassOverReason

RECHECK_AFTER = timedelta(minutes=10)
"""The longest time after which a contact that stood in its own way is looked at again."""
BUSY_NUMBER_AFTER = timedelta(seconds=5)
FINAL: dict[PassOverReason, ContactStatus] = {
    PassOverReason.NO_VALID_NUMBER: ContactStatus.FAILED,
    PassOverReason.ON_DNC_LIST: ContactStatus.BLOCKED,
    PassOverReason.NO_LEGAL_BASIS: ContactStatus.BLOCKED,
    PassOverReason.ATTEMPTS_EXHAUSTED: ContactStatus.EXHAUSTED,
}

STORE = """
    UPDATE campaigns_campaigncontact AS member
    SET status = passed.status, reason = passed.reason, reason_at = %(now)s,
        next_attempt_at = greatest(member.next_attempt_at, passed.again_at)
    FROM unnest(%(ids)s::uuid[], %(statuses)s::text[], %(reasons)s::text[], %(again_at)s::timestamptz[])
        AS passed (id, status, reason, again_at)
    WHERE member.id = passed.id
"""

# What the funnel would say of contacts that the tick need not look at one by one. Who holds one of these rows, an
# opt-out above all, must never wait for this in a circle: held rows are left to the next time.
REFRESH = """
    WITH stale AS (
        SELECT member.id, said.reason
        FROM campaigns_campaigncontact member
        JOIN campaigns_campaign campaign ON campaign.id = member.campaign_id
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN campaign.status <> 'running' THEN 'campaign_not_running'
                WHEN member.next_attempt_at > %(now)s THEN
                    CASE WHEN member.reason = ANY(%(waiting)s) THEN member.reason ELSE 'not_yet_due' END
                WHEN campaign.id = ANY(%(at_their_budget)s::uuid[]) THEN 'budget_reached'
                ELSE 'no_capacity'
            END AS reason
        ) said
        WHERE member.status = 'pending' AND member.reason <> said.reason
        LIMIT %(at_most)s
        FOR NO KEY UPDATE OF member SKIP LOCKED
    )
    UPDATE campaigns_campaigncontact member SET reason = stale.reason, reason_at = %(now)s
    FROM stale WHERE member.id = stale.id AND member.status = 'pending'
"""
REASONS_TO_WAIT = (
    PassOverReason.NO_LEGAL_BASIS,
    PassOverReason.OUTSIDE_WINDOW,
    PassOverReason.PUBLIC_HOLIDAY,
    PassOverReason.FREQUENCY_CAP,
    PassOverReason.ALREADY_IN_CALL,
)


@dataclass(frozen=True, slots=True)
class PassedOver:
    membership_id: UUID
    reason: PassOverReason
    again_at: datetime
    is_lasting: bool


def store_passed_over(passed: Sequence[PassedOver], *, now: datetime) -> None:
    """Write the reasons: a lasting one ends the membership, any other sets when to look again."""
    if not passed:
        return
    columns: dict[str, Any] = {
        "now": now,
        "ids": [entry.membership_id for entry in passed],
        "statuses": [_status_after(entry).value for entry in passed],
        "reasons": [entry.reason.value for entry in passed],
        "again_at": [entry.again_at for entry in passed],
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, columns)


def is_lasting(reason: PassOverReason, *, basis_begins_at: datetime | None) -> bool:
    """Whether this ends the membership. A legal basis that is on record and only begins later does not."""
    return reason in FINAL and not (reason == PassOverReason.NO_LEGAL_BASIS and basis_begins_at is not None)


def look_again_at(reason: PassOverReason, *, now: datetime, waits_for: datetime | None) -> datetime:
    """When a passed-over contact is due again. Hours may be edited meanwhile, so never later than in ten minutes."""
    latest = now + RECHECK_AFTER
    if reason == PassOverReason.ALREADY_IN_CALL:
        return now + BUSY_NUMBER_AFTER
    if reason in (PassOverReason.OUTSIDE_WINDOW, PassOverReason.NO_LEGAL_BASIS) and waits_for is not None:
        return min(waits_for, latest)
    return latest


def _status_after(entry: PassedOver) -> ContactStatus:
    return FINAL[entry.reason] if entry.is_lasting else ContactStatus.PENDING


def refresh_reasons(now: datetime, *, at_most: int = 5000) -> int:
    """Set the reasons that follow from campaign and due time alone; returns how many had been out of date."""
    parameters: dict[str, Any] = {
        "now": now,
        "waiting": [reason.value for reason in REASONS_TO_WAIT],
        "at_their_budget": at_their_budget(now),
        "at_most": at_most,
    }
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, parameters)
        return cursor.rowcount

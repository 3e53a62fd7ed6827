"""SAF-3: no attempt placed twice: one row of ours, at most one call at the carrier."""

from collections.abc import Iterator

from django.db import connection

from calls.judge.findings import CLOCK_MARGIN, Case, Finding, Violation
from calls.models import Call
from calls.providers.base import CarrierCall

AT_ONCE = 1000
"""Ids that are looked up together."""

# Our own rows tell it by two calls to one number at the same time. The carrier tells ends to the second.
OVERLAPPING = """
    SELECT id FROM (
        SELECT id, placed_at, max(coalesce(ended_at, 'infinity')) OVER (
            PARTITION BY number_hash ORDER BY placed_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS others_ended_at
        FROM calls_call WHERE placed_at IS NOT NULL
    ) placed
    WHERE placed_at < others_ended_at - interval '1 second'
"""

SAME_ATTEMPT = """
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY membership_id, attempt_number ORDER BY placed_at, id) AS serial
        FROM calls_call WHERE membership_id IS NOT NULL AND placed_at IS NOT NULL
    ) placed
    WHERE serial > 1
"""

# An attempt that is given back has no `placed_at` and is made again later: the carrier must not know of it.
GIVEN_BACK = "SELECT id FROM calls_call WHERE placed_at IS NULL AND carrier_sid <> ''"

# The carrier posted, with its signature and the secret of that very call, under an id that is not the call's.
TWO_IDS = """
    SELECT call.id
    FROM calls_call call JOIN calls_callevent event ON event.call_id = call.id
    WHERE event.kind = 'other_carrier_id'
        AND event.data ->> 'carrier_sid' NOT IN ('', coalesce(call.carrier_sid, ''))
"""

# What came before is read too, since it may stand in the way of a call that is judged.
JUDGED = """
    SELECT id FROM calls_call
    WHERE id IN ({}) AND (%s::timestamptz IS NULL OR coalesce(placed_at, queued_at) >= %s) ORDER BY id
"""

FAULTS = {
    "number_in_two_calls": OVERLAPPING,
    "attempt_made_twice": SAME_ATTEMPT,
    "given_back_though_placed": GIVEN_BACK,
    "two_carrier_ids": TWO_IDS,
}


def judge(case: Case) -> Finding:
    violations = [Violation(subject, what) for what, query in FAULTS.items() for subject in _ids(query, case)]
    violations += _one_too_many(case)
    checked = case.placed_calls.count()
    return Finding("SAF-3", "one attempt, at most one call at the carrier", checked, violations)


def _ids(query: str, case: Case) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(JUDGED.format(query), [case.since, case.since])
        return [str(row[0]) for row in cursor.fetchall()]


def _one_too_many(case: Case) -> Iterator[Violation]:
    """A call at the carrier that no row of ours claims, and the call of ours that it doubles, if there is one."""
    for sid in _unclaimed(list(case.at_carrier)):
        yield Violation(sid, "unknown_here")
        if (doubled := _doubled(case.at_carrier[sid])) is not None:
            yield Violation(str(doubled.pk), "two_calls_at_carrier")


def _unclaimed(sids: list[str]) -> Iterator[str]:
    for first in range(0, len(sids), AT_ONCE):
        some = sids[first : first + AT_ONCE]
        known = set(Call.objects.filter(carrier_sid__in=some).values_list("carrier_sid", flat=True))
        yield from (sid for sid in some if sid not in known)


def _doubled(there: CarrierCall) -> Call | None:
    """The call of ours, with its own id at the carrier, in whose time the carrier made this one to the same number."""
    if there.created_at is None:
        return None
    before = Call.objects.filter(to_number=there.to_number, placed_at__lte=there.created_at + CLOCK_MARGIN)
    latest = before.exclude(carrier_sid=None).order_by("-placed_at").first()
    if latest is None or (latest.ended_at and latest.ended_at < there.created_at - CLOCK_MARGIN):
        return None
    return latest

"""SAF-3: no attempt placed twice: one row of ours, at most one call at the carrier."""

from collections.abc import Iterator

from django.db import connection

from calls.judge.findings import Case, Finding, Violation
from calls.models import Call

# Our own rows tell it by two calls to one number at the same time.
OVERLAPPING = """
    SELECT id FROM (
        SELECT id, placed_at, max(coalesce(ended_at, 'infinity')) OVER (
            PARTITION BY number_hash ORDER BY placed_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS others_ended_at
        FROM calls_call WHERE placed_at IS NOT NULL
    ) placed
    WHERE placed_at < others_ended_at - interval '1 second'
    ORDER BY id
"""
"""The carrier tells ends to the second."""

SAME_ATTEMPT = """
    SELECT max(id::text) FROM calls_call WHERE membership_id IS NOT NULL
    GROUP BY membership_id, attempt_number HAVING count(*) > 1
"""


def judge(case: Case) -> Finding:
    violations = [Violation(subject, "number_in_two_calls") for subject in _ids(OVERLAPPING)]
    violations += [Violation(subject, "attempt_made_twice") for subject in _ids(SAME_ATTEMPT)]
    violations += _unknown_here(case)
    checked = Call.objects.filter(placed_at__isnull=False).count()
    return Finding("SAF-3", "one attempt, at most one call at the carrier", checked, violations)


def _ids(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [str(row[0]) for row in cursor.fetchall()]


def _unknown_here(case: Case) -> Iterator[Violation]:
    """A call at the carrier that no row of ours claims is one too many."""
    known = set(Call.objects.exclude(carrier_sid=None).values_list("carrier_sid", flat=True))
    return (Violation(sid, "unknown_here") for sid in case.at_carrier if sid not in known)

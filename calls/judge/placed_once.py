"""SAF-3: no attempt placed twice: one row of ours, at most one call at the carrier."""

from collections.abc import Iterator

from django.db import connection

from calls.judge.findings import CLOCK_MARGIN, Case, Finding, Violation
from calls.models import Call
from calls.providers.base import CarrierCall

# Our own rows tell it by two calls to one number at the same time. The carrier tells ends to the second.
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

SAME_ATTEMPT = """
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY membership_id, attempt_number ORDER BY placed_at, id) AS serial
        FROM calls_call WHERE membership_id IS NOT NULL AND placed_at IS NOT NULL
    ) placed
    WHERE serial > 1
    ORDER BY id
"""

# An attempt that is given back has no `placed_at` and is made again later: the carrier must not know of it.
GIVEN_BACK = "SELECT id FROM calls_call WHERE placed_at IS NULL AND carrier_sid <> '' ORDER BY id"

# The carrier posted, with its signature and the secret of that very call, under an id that is not the call's.
TWO_IDS = """
    SELECT DISTINCT call.id
    FROM calls_call call JOIN calls_callevent event ON event.call_id = call.id
    WHERE event.kind = 'other_carrier_id'
        AND event.data ->> 'carrier_sid' NOT IN ('', coalesce(call.carrier_sid, ''))
    ORDER BY call.id
"""

FAULTS = {
    "number_in_two_calls": OVERLAPPING,
    "attempt_made_twice": SAME_ATTEMPT,
    "given_back_though_placed": GIVEN_BACK,
    "two_carrier_ids": TWO_IDS,
}


def judge(case: Case) -> Finding:
    violations = [Violation(subject, what) for what, query in FAULTS.items() for subject in _ids(query)]
    violations += _one_too_many(case)
    checked = Call.objects.filter(placed_at__isnull=False).count()
    return Finding("SAF-3", "one attempt, at most one call at the carrier", checked, violations)


def _ids(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [str(row[0]) for row in cursor.fetchall()]


def _one_too_many(case: Case) -> Iterator[Violation]:
    """A call at the carrier that no row of ours claims, and the call of ours that it doubles, if there is one."""
    known = set(Call.objects.exclude(carrier_sid=None).values_list("carrier_sid", flat=True))
    for sid, there in case.at_carrier.items():
        if sid in known:
            continue
        yield Violation(sid, "unknown_here")
        if (doubled := _doubled(there)) is not None:
            yield Violation(str(doubled.pk), "two_calls_at_carrier")


def _doubled(there: CarrierCall) -> Call | None:
    """The call of ours, with its own id at the carrier, in whose time the carrier made this one to the same number."""
    if there.created_at is None:
        return None
    before = Call.objects.filter(to_number=there.to_number, placed_at__lte=there.created_at + CLOCK_MARGIN)
    latest = before.exclude(carrier_sid=None).order_by("-placed_at").first()
    if latest is None or (latest.ended_at and latest.ended_at < there.created_at - CLOCK_MARGIN):
        return None
    return latest

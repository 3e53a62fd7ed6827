"""SAF-2: no call placed to a number after it entered the do-not-call list."""

from django.db import connection

from calls.judge.findings import CLOCK_MARGIN, Case, Finding, Violation
from calls.models import Call

PLACED_IN_SPITE = """
    SELECT call.id
    FROM calls_call call
    JOIN contacts_donotcallentry entry ON entry.number_hash = call.number_hash
    WHERE call.placed_at > entry.created_at + make_interval(secs => %(margin)s)
        AND (entry.expires_at IS NULL OR entry.expires_at > call.placed_at)
    ORDER BY call.id
"""


def judge(case: Case) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(PLACED_IN_SPITE, {"margin": CLOCK_MARGIN.total_seconds()})
        violations = [Violation(str(call_id), "on_dnc_list") for (call_id,) in cursor.fetchall()]
    checked = Call.objects.filter(placed_at__isnull=False).count()
    return Finding("SAF-2", "never after the number entered the do-not-call list", checked, violations)

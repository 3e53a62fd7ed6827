"""SAF-2: no call placed to a number after it entered the do-not-call list.

Three witnesses: the list as it stands, the audit trail of what was removed from it, and the calls in which somebody
asked never to be called again, whatever became of their entry.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime

from accounts.models import AuditEntry
from calls.judge.findings import CLOCK_MARGIN, Case, Finding, Violation
from calls.models import Call
from campaigns.models import Disposition
from contacts.models import DoNotCallEntry
from contacts.number_hash import numbers_by_hash

REMARK = "{} removed from the list cannot be judged: the audit trail does not tell of which number"


@dataclass(frozen=True, slots=True)
class Term:
    """A time during which a number must not be called; `what` is the code of a call in it."""

    what: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Removal:
    """`number_hash` and `since` are empty where the audit entry does not have them."""

    at: datetime
    number_hash: str
    since: datetime | None
    expires_at: datetime | None


def judge(case: Case) -> Finding:
    removals = [_removal(entry) for entry in AuditEntry.objects.filter(action="remove_from_dnc").order_by("at")]
    terms = defaultdict(list)
    for number_hash, term in (*_of_list(), *_of_removed(removals), *_of_wishes(removals)):
        terms[number_hash].append(term)
    checked, violations = 0, []
    for call in case.placed_calls.iterator():
        checked += 1
        broken = {term.what for known_as in _hashes(call) for term in terms.get(known_as, ()) if _is_in(call, term)}
        violations += [Violation(str(call.pk), what) for what in sorted(broken)]
    unreadable = sum(not removal.number_hash for removal in removals)
    remark = REMARK.format(unreadable) if unreadable else ""
    return Finding("SAF-2", "never after the number entered the do-not-call list", checked, violations, remark)


def _removal(entry: AuditEntry) -> Removal:
    since, expires_at = (parse_datetime(entry.details.get(name) or "") for name in ("since", "expires_at"))
    return Removal(entry.at, entry.details.get("number_hash", "") if since else "", since, expires_at)


def _of_list() -> Iterator[tuple[str, Term]]:
    for number_hash, since, until in DoNotCallEntry.objects.values_list("number_hash", "created_at", "expires_at"):
        yield number_hash, Term("on_dnc_list", since, until)


def _of_removed(removals: Iterable[Removal]) -> Iterator[tuple[str, Term]]:
    for removal in removals:
        if removal.since is not None:
            until = min(removal.at, removal.expires_at or removal.at)
            yield removal.number_hash, Term("was_on_dnc_list", removal.since, until)


def _of_wishes(removals: list[Removal]) -> Iterator[tuple[str, Term]]:
    """From the end of the call in which it was said until the first removal that may have been of this number."""
    calls = Call.objects.filter(disposition=Disposition.DO_NOT_CALL, ended_at__isnull=False).order_by("pk")
    for call in calls.iterator():
        ended_at, known_as = call.ended_at, _hashes(call)
        if ended_at is None:
            continue
        may_concern = (removal.at for removal in removals if removal.number_hash in ("", *known_as))
        until = next((at for at in may_concern if at >= ended_at), None)
        for number_hash in known_as:
            yield number_hash, Term("after_opt_out", ended_at, until)


def _hashes(call: Call) -> set[str]:
    """Every hash under which the number may be known; of an erased number only the one that was noted."""
    return {call.number_hash, *(numbers_by_hash([call.to_number]) if call.to_number else ())}


def _is_in(call: Call, term: Term) -> bool:
    placed_at = call.placed_at
    return (
        placed_at is not None
        and placed_at > term.since + CLOCK_MARGIN
        and (term.until is None or placed_at < term.until)
    )

"""What is kept with a call to show by which rules it was placed. Codes, hours and limits; no personal data."""

from datetime import datetime
from typing import Any

from django.conf import settings

from calls.facts import Candidate
from calls.standing import attempts_allowed


def evidence_of(candidate: Candidate, now: datetime) -> dict[str, Any]:
    """The rules as they stood at `now`; the judge compares the records with these, not with later edits."""
    facts, campaign = candidate.facts, candidate.membership.campaign
    return {
        "checked_at": now.isoformat(),
        "basis": campaign.required_basis,
        "kind": campaign.kind,
        "dnc_checked": True,
        "is_always_open": facts.is_always_open,
        "windows": facts.windows,
        "zones": list(facts.zones),
        "observes_holidays": facts.observes_holidays,
        "country": facts.country,
        "commercial_hours": facts.commercial_hours.law if facts.commercial_hours else "",
        "attempt": facts.attempts + 1,
        "attempts_allowed": attempts_allowed(max_attempts=facts.max_attempts, is_callback=facts.is_callback),
        "recent_calls": facts.recent_calls,
        "recent_calls_allowed": facts.max_recent_calls,
        "calls_at_once": campaign.rules.max_concurrent_calls,
        "calls_at_once_account": settings.TWILIO_MAX_CONCURRENT_CALLS,
        "starts_per_second": float(campaign.rules.starts_per_second),
        "starts_per_second_account": settings.TWILIO_STARTS_PER_SECOND,
    }

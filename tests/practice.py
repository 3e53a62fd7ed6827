"""A draft campaign that only ever dials the practice phone network."""

from typing import Any

from campaigns.models import Campaign, CampaignStatus
from tests.factories import make_campaign

OUTCOMES = ("busy", "no_answer", "failed", "voicemail", "no_conversation")


def make_practice_campaign(
    *, lists: Any, max_concurrent_calls: int = 10, starts_per_second: int = 10, retry_seconds: int = 3, **fields: Any
) -> Campaign:
    rules = {
        "is_always_open": True,
        "retry_delays": dict.fromkeys(OUTCOMES, retry_seconds),
        "max_concurrent_calls": max_concurrent_calls,
        "starts_per_second": starts_per_second,
        "max_attempts_per_day": 1000,
    }
    draft = {"status": CampaignStatus.DRAFT, "started_at": None, "required_basis": "practice"}
    return make_campaign(rules=rules, lists=lists, **draft | fields)

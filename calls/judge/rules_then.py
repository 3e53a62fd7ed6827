"""By which rules a call had to be placed, read from the records that others than the dialer write.

Neither campaigns nor contacts keep a history of their edits. What was edited since the call is therefore left out,
and the call's own evidence is all that tells of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Max

from accounts.models import AuditEntry
from calls.facts import UNKNOWN_ZONE
from calls.judge.findings import CLOCK_MARGIN, Case
from calls.models import Call

AT_ONCE = 2000
"""Calls whose contacts are fetched together."""


@dataclass(frozen=True)
class Edits:
    """When each campaign was last edited, in the portal or in the back office, by the campaign's id as text."""

    last: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def on_record(cls) -> "Edits":
        trail = AuditEntry.objects.filter(subject_type="campaigns.campaign", action="campaign_changed")
        log = LogEntry.objects.filter(
            content_type__app_label="campaigns", content_type__model="campaign", action_flag=CHANGE
        )
        last: dict[str, datetime] = {}
        for rows in (
            trail.values_list("subject_id").annotate(Max("at")).order_by(),
            log.values_list("object_id").annotate(Max("action_time")).order_by(),
        ):
            for subject, at in rows:
                last[subject] = max(at, last.get(subject, at))
        return cls(last)

    def rules_then(self, call: Call) -> dict[str, Any]:
        """What is known of the rules for this call, under the names that its evidence has for them."""
        return self._of_campaign(call) | _of_contact(call)

    def _of_campaign(self, call: Call) -> dict[str, Any]:
        edited_at, campaign = self.last.get(str(call.campaign_id)), call.campaign
        if edited_at and not _is_before(edited_at, call):
            return {}
        rules = campaign.rules
        return {
            "basis": campaign.required_basis,
            "is_always_open": rules.is_always_open,
            "windows": rules.windows,
            "observes_holidays": rules.observes_holidays,
        }


def placed_calls(case: Case) -> Iterator[Call]:
    """With all that `rules_then` asks of them."""
    return (
        case.placed_calls.select_related("campaign__rules", "contact")
        .prefetch_related("contact__numbers")
        .iterator(chunk_size=AT_ONCE)
    )


def _of_contact(call: Call) -> dict[str, Any]:
    """Unknown once the contact was edited, merged with another, or erased."""
    contact = call.contact
    number = contact.primary_number if contact else None
    if contact is None or number is None or number.e164 != call.to_number:
        return {}
    if contact.updated_at != contact.created_at and not _is_before(contact.updated_at, call):
        return {}
    zones = {zone for zone in (contact.time_zone, *number.time_zones) if zone not in ("", UNKNOWN_ZONE)}
    return {"zones": sorted(zones) or [settings.TIME_ZONE], "country": number.country or settings.DEFAULT_COUNTRY}


def _is_before(edited_at: datetime, call: Call) -> bool:
    return call.placed_at is not None and edited_at < call.placed_at - CLOCK_MARGIN

"""The one way in which a campaign's status changes."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from callcenter import clock, live
from campaigns.models import Campaign, CampaignStatus, CampaignStatusChange


def lock(campaign: Campaign) -> None:
    """Hold the campaign's status still until the transaction ends, so that what is read about it stays true."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


@transaction.atomic
def move(
    campaign: Campaign,
    *,
    from_: Collection[str],
    to: CampaignStatus,
    user: User | None,
    reason: str = "",
    details: dict[str, str] | None = None,
    **fields: Any,
) -> bool:
    """Compare and set, and write it down. False when the campaign no longer stood where it was thought to."""
    now, details = clock.now(), details or {}
    stored = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk, status__in=from_)
    before = stored.values_list("status", flat=True).first()
    if before is None:
        return False
    Campaign.objects.filter(pk=campaign.pk).update(status=to, status_reason=reason, status_details=details, **fields)
    CampaignStatusChange.objects.create(
        campaign=campaign, from_status=before, to_status=to, at=now, user=user, reason=reason, details=details
    )
    audit.record(action=f"campaign_{to}", subject=campaign, user=user, from_status=before, reason=reason, **details)
    live.nudge(f"campaigns/{campaign.pk}", "home")
    campaign.refresh_from_db()
    return True

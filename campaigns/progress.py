"""How far a campaign is: contacts by status, why the pending ones wait, and when the next one is due."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, CampaignContact, CampaignStatus, ContactStatus, PassOverReason
from campaigns.models.campaign_contact import FINAL_STATUSES
from campaigns.reasons import EXPLANATIONS


@dataclass(frozen=True)
class StatusCount:
    status: ContactStatus
    count: int


@dataclass(frozen=True)
class ReasonCount:
    value: str
    label: str | Promise
    explanation: str | Promise
    count: int


@dataclass(frozen=True)
class Progress:
    counts: list[StatusCount]
    reasons: list[ReasonCount]
    next_due_at: datetime | None

    @property
    def total(self) -> int:
        return sum(row.count for row in self.counts)

    @property
    def final(self) -> int:
        return sum(row.count for row in self.counts if row.status in FINAL_STATUSES)

    @property
    def in_call(self) -> int:
        return sum(row.count for row in self.counts if row.status == ContactStatus.IN_CALL)

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all of them."""
        return self.final * 100 // self.total if self.total else 0


def progress_of(campaign: Campaign) -> Progress:
    return Progress(
        counts=_counts([campaign])[campaign],
        reasons=_reasons(campaign),
        next_due_at=campaign.memberships.pending().aggregate(next=Min("next_attempt_at"))["next"],
    )


def progress_of_many(campaigns: list[Campaign]) -> dict[Campaign, Progress]:
    """Counts only, in one query for all of them."""
    counts = _counts(campaigns)
    return {campaign: Progress(counts[campaign], reasons=[], next_due_at=None) for campaign in campaigns}


def _counts(campaigns: list[Campaign]) -> dict[Campaign, list[StatusCount]]:
    rows = (
        CampaignContact.objects.filter(campaign__in=campaigns)
        .values_list("campaign_id", "status")
        .annotate(count=Count("*"))
        .order_by()
    )
    found = {(campaign_id, status): count for campaign_id, status, count in rows}
    return {
        campaign: [StatusCount(status, found.get((campaign.pk, status), 0)) for status in ContactStatus]
        for campaign in campaigns
    }


def _reasons(campaign: Campaign) -> list[ReasonCount]:
    """Nobody is looked at while the campaign does not run: then that is the reason of all."""
    rows = campaign.memberships.pending().values_list("reason").annotate(count=Count("*")).order_by("-count")
    if campaign.status == CampaignStatus.RUNNING:
        return [_reason(value, count) for value, count in rows]
    total = sum(count for _value, count in rows)
    return [_reason(PassOverReason.CAMPAIGN_NOT_RUNNING, total)] if total else []


def _reason(value: str, count: int) -> ReasonCount:
    label = PassOverReason(value).label if value else _("Not looked at yet")
    return ReasonCount(value, label, EXPLANATIONS.get(value, ""), count)

"""SAF-7: every pending contact that was passed over has a current reason."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet, Value, When

from calls.judge.findings import Case, Finding, Violation
from campaigns.models import CampaignContact, CampaignStatus, PassOverReason

MARGIN = timedelta(seconds=60)
"""Reasons that follow from the campaign or the clock alone are refreshed every few seconds, in portions."""


def judge(case: Case) -> Finding:
    pending = CampaignContact.objects.pending().exclude(campaign__status=CampaignStatus.DRAFT)
    violations = [Violation(str(pk), fault) for pk, fault in _faults(pending, case)]
    return Finding("SAF-7", "whoever waits has a current reason", pending.count(), violations)


def _faults(pending: QuerySet[CampaignContact], case: Case) -> Iterator[tuple[UUID, str]]:
    since = case.now - MARGIN
    is_running = Q(campaign__status=CampaignStatus.RUNNING)
    has_stopped_long_ago = ~is_running & ~Q(campaign__status_changes__at__gt=since)
    is_overdue = Q(next_attempt_at__lte=since)
    is_long_running = is_running & ~Q(campaign__status_changes__at__gt=since) & Q(campaign__started_at__lte=since)
    faults = (
        (Q(reason="") & is_overdue, "no_reason"),
        (is_running & is_overdue & Q(reason=PassOverReason.NOT_YET_DUE), "due_long_ago"),
        (is_long_running & Q(reason=PassOverReason.CAMPAIGN_NOT_RUNNING), "campaign_runs_again"),
        (has_stopped_long_ago & ~Q(reason=PassOverReason.CAMPAIGN_NOT_RUNNING), "campaign_has_stopped"),
    )
    whens = [When(condition, then=Value(fault)) for condition, fault in faults]
    fault = models.Case(*whens, default=Value(""), output_field=models.CharField())
    return pending.annotate(fault=fault).exclude(fault="").order_by("pk").values_list("pk", "fault").iterator()

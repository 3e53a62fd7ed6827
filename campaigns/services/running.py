"""Start, pause, resume, finish."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from callcenter import clock
from campaigns.models import Campaign, CampaignContact, CampaignStatus, ContactStatus
from campaigns.pause_reasons import PauseReason
from campaigns.services.enrolment import enrol_contacts
from campaigns.services.readiness import CampaignRefused, check_ready
from campaigns.services.status import lock, move

UNFINISHED = (ContactStatus.PENDING, ContactStatus.IN_CALL)


def start_campaign(*, campaign: Campaign, user: User | None) -> Campaign:
    """Take the contacts of the lists in and let the dialer begin."""
    check_ready(campaign)
    now = clock.now()
    with transaction.atomic():
        if not move(campaign, from_=[CampaignStatus.DRAFT], to=CampaignStatus.RUNNING, user=user, started_at=now):
            raise CampaignRefused(_("Only a draft can be started; this campaign has been started already."))
        enrol_contacts(campaign=campaign, now=now)
    return campaign


def pause_campaign(
    *, campaign: Campaign, user: User | None = None, reason: str = "", details: dict[str, str] | None = None
) -> bool:
    """No new calls from now on; calls in progress go on. Without a user the system paused it, and says why.

    `reason` is a `PauseReason`, `details` the parameters of its words.
    """
    from_, to = [CampaignStatus.RUNNING], CampaignStatus.PAUSED
    return move(campaign, from_=from_, to=to, user=user, reason=reason, details=details)


@transaction.atomic
def pause_if_budget_is_spent(*, campaign: Campaign) -> bool:
    """Asked again of the row: the budget may have been raised meanwhile. With nobody left to call it finishes."""
    lock(campaign)
    campaign.refresh_from_db(fields=["budget_micros", "spent_micros"])
    if not campaign.is_budget_spent or not campaign.memberships.pending().exists():
        return False
    return pause_campaign(campaign=campaign, reason=PauseReason.BUDGET_SPENT)


def resume_campaign(*, campaign: Campaign, user: User | None) -> Campaign:
    check_ready(campaign)
    if campaign.is_budget_spent:
        raise CampaignRefused(_("The budget is spent. Raise it first."), "budget_micros")
    if not move(campaign, from_=[CampaignStatus.PAUSED], to=CampaignStatus.RUNNING, user=user):
        raise CampaignRefused(_("Only a paused campaign can be resumed."))
    return campaign


@transaction.atomic
def finish_campaign(*, campaign: Campaign) -> bool:
    """Close a running campaign once nobody is left to call; False while somebody is."""
    lock(campaign)
    unfinished = CampaignContact.objects.filter(campaign=campaign, status__in=UNFINISHED)
    if unfinished.exists():
        return False
    return move(
        campaign,
        from_=[CampaignStatus.RUNNING],
        to=CampaignStatus.FINISHED,
        user=None,
        finished_at=clock.now(),
    )

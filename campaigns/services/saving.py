"""Creating and editing a campaign with its rules and its script."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import User
from callcenter import live
from campaigns.models import CallingRules, Campaign, CampaignStatus, Script
from campaigns.models.script import SPOKEN
from campaigns.services.readiness import check_ready
from contacts.models import ContactList

EDITABLE = (
    "name",
    "kind",
    "required_basis",
    "transport",
    "caller_number",
    "recording",
    "ring_timeout_seconds",
    "max_call_seconds",
    "silence_seconds",
    "budget_micros",
    "budget_currency",
)


@transaction.atomic
def save_campaign(
    *,
    campaign: Campaign,
    rules: CallingRules,
    script: Script,
    lists: Iterable[ContactList],
    agents: Iterable[User],
    user: User | None,
) -> Campaign:
    """Store all three. A running campaign that could not be started any more refuses the change as a whole."""
    is_new = campaign._state.adding
    _save_own_fields(campaign, user=user)
    campaign.lists.set(lists)
    campaign.agents.set(agents)
    rules.campaign = campaign
    rules.save()
    version = _save_script(campaign, script, user=user)
    if campaign.status == CampaignStatus.RUNNING:
        check_ready(campaign)
    action = "campaign_created" if is_new else "campaign_changed"
    audit.record(action=action, subject=campaign, user=user, script_version=version)
    live.nudge(f"campaigns/{campaign.pk}", "home")
    return campaign


def _save_own_fields(campaign: Campaign, *, user: User | None) -> None:
    """An edit never writes status or spending: they may have changed since the form was shown."""
    if campaign._state.adding:
        campaign.created_by = user
        campaign.save()
        return
    stored = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    campaign.save(update_fields=EDITABLE)
    campaign.status = stored.status


def _save_script(campaign: Campaign, script: Script, *, user: User | None) -> int:
    """Write the next version if a word changed, and say which version is current."""
    current = campaign.script
    if current and all(getattr(current, field) == getattr(script, field) for field in SPOKEN):
        return current.version
    newest = campaign.scripts.aggregate(newest=Max("version"))["newest"] or 0
    words = {field: getattr(script, field) for field in SPOKEN}
    return Script.objects.create(campaign=campaign, version=newest + 1, created_by=user, **words).version

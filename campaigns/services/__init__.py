from campaigns.services.enrolment import add_new_contacts, readmit_contacts
from campaigns.services.readiness import CampaignRefused, check_ready
from campaigns.services.running import (
    finish_campaign,
    pause_campaign,
    pause_if_budget_is_spent,
    resume_campaign,
    start_campaign,
)
from campaigns.services.saving import save_campaign

__all__ = [
    "CampaignRefused",
    "add_new_contacts",
    "check_ready",
    "finish_campaign",
    "pause_campaign",
    "pause_if_budget_is_spent",
    "readmit_contacts",
    "resume_campaign",
    "save_campaign",
    "start_campaign",
]

from campaigns.models.calling_rules import CallingRules
from campaigns.models.campaign import (
    Campaign,
    CampaignKind,
    CampaignStatus,
    CampaignStatusChange,
    RecordingMode,
    Transport,
)
from campaigns.models.campaign_contact import CampaignContact, ContactStatus, PassOverReason
from campaigns.models.disposition import Disposition
from campaigns.models.script import Script

__all__ = [
    "CallingRules",
    "Campaign",
    "CampaignContact",
    "CampaignKind",
    "CampaignStatus",
    "CampaignStatusChange",
    "ContactStatus",
    "Disposition",
    "PassOverReason",
    "RecordingMode",
    "Script",
    "Transport",
]

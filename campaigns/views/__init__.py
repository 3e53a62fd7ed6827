from campaigns.views.detail import campaign_detail, campaign_progress
from campaigns.views.editing import create_campaign, edit_campaign, validate_field
from campaigns.views.listing import campaign_list
from campaigns.views.running import add_contacts, pause, resume, start

__all__ = [
    "add_contacts",
    "campaign_detail",
    "campaign_list",
    "campaign_progress",
    "create_campaign",
    "edit_campaign",
    "pause",
    "resume",
    "start",
    "validate_field",
]

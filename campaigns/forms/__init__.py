from campaigns.forms.campaign_form import CampaignForm
from campaigns.forms.editor import CampaignEditor
from campaigns.forms.filter_form import CampaignFilterForm, ContactFilterForm
from campaigns.forms.rules_form import RulesForm
from campaigns.forms.script_form import ScriptForm

__all__ = [
    "CampaignEditor",
    "CampaignFilterForm",
    "CampaignForm",
    "ContactFilterForm",
    "RulesForm",
    "ScriptForm",
]

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import CampaignKind, CampaignStatus, ContactStatus
from campaigns.models.campaign import CampaignQuerySet
from campaigns.models.campaign_contact import CampaignContactQuerySet

SEARCH = {"class": "form-control", "type": "search"}
SELECT = {"class": "form-select"}


def _any(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    return [("", _("Any")), *choices]


class CampaignFilterForm(forms.Form):
    name = forms.CharField(label=_("Name"), required=False, max_length=150, widget=forms.TextInput(SEARCH))
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=_any(CampaignStatus.choices), widget=forms.Select(SELECT)
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=_any(CampaignKind.choices), widget=forms.Select(SELECT)
    )

    def narrow(self, campaigns: CampaignQuerySet) -> CampaignQuerySet:
        """The campaigns that match; a filter that says nothing sensible is left out."""
        self.is_valid()
        if name := self.cleaned_data.get("name"):
            campaigns = campaigns.filter(name__icontains=name)
        for field in ("status", "kind"):
            if value := self.cleaned_data.get(field):
                campaigns = campaigns.filter(**{field: value})
        return campaigns


class ContactFilterForm(forms.Form):
    contact_status = forms.ChoiceField(
        label=_("Status"), required=False, choices=_any(ContactStatus.choices), widget=forms.Select(SELECT)
    )

    def narrow(self, memberships: CampaignContactQuerySet) -> CampaignContactQuerySet:
        self.is_valid()
        status = self.cleaned_data.get("contact_status")
        return memberships.filter(status=status) if status else memberships

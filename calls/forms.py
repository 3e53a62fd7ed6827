from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from callcenter import clock
from campaigns.models import Campaign
from contacts.models import Contact


class RescheduleForm(forms.Form):
    """When to call instead: wall-clock time in the zone of whoever types it."""

    at = forms.DateTimeField(
        label=_("Call at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"required": _("Choose a day and a time."), "invalid": _("This is no day and time.")},
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at <= clock.now():
            raise ValidationError(_("Choose a time in the future."))
        return at


class CallNowForm(forms.Form):
    """In which campaign to call a contact: one of those that have them."""

    campaign = forms.ModelChoiceField(
        queryset=Campaign.objects.none(),
        label=_("Campaign"),
        empty_label=None,
        error_messages={
            "required": _("Choose a campaign."),
            "invalid_choice": _("This campaign cannot call this contact."),
        },
    )

    def __init__(self, *args: object, user: User, contact: Contact, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        campaigns = Campaign.objects.visible_to(user).running().filter(memberships__contact=contact)
        self.fields["campaign"].queryset = campaigns.order_by("name")  # type: ignore[attr-defined]

    @property
    def has_campaigns(self) -> bool:
        return bool(self.fields["campaign"].queryset.exists())  # type: ignore[attr-defined]

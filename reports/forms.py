"""What a report can be narrowed to. Days are days in the zone of whoever looks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from callcenter import clock
from calls.models import CallStatus
from campaigns.models import Campaign, Disposition

USUAL_DAYS = 30
LONGEST_DAYS = 366
ANY = [("", gettext_lazy("Any"))]


@dataclass(frozen=True)
class Selection:
    """The calls asked for: both days belong to it."""

    since: date
    until: date
    campaign: Campaign | None = None
    outcome: str = ""
    status: str = ""

    @property
    def days(self) -> list[date]:
        return [self.since + timedelta(days=ahead) for ahead in range((self.until - self.since).days + 1)]

    @property
    def query(self) -> str:
        """The same selection as an address carries it."""
        values = {"since": self.since, "until": self.until, "outcome": self.outcome, "status": self.status}
        campaign = {"campaign": self.campaign.pk} if self.campaign else {}
        return urlencode({name: value for name, value in (values | campaign).items() if value})


class ReportForm(forms.Form):
    since = forms.DateField(label=gettext_lazy("From day"), required=False)
    until = forms.DateField(label=gettext_lazy("To day"), required=False)
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=gettext_lazy("Every campaign"),
    )
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False, choices=[*ANY, *Disposition.choices])
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False, choices=[*ANY, *CallStatus.choices])

    def __init__(self, data: QueryDict, *, user: User, campaign: Campaign | None = None) -> None:
        super().__init__(_with_usual_days(data))
        self.fixed_campaign = campaign
        if campaign:
            del self.fields["campaign"]
        else:
            self.fields["campaign"].queryset = Campaign.objects.visible_to(user).order_by("name")  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            is_date = isinstance(field, forms.DateField)
            field.widget = forms.DateInput({"type": "date"}, "%Y-%m-%d") if is_date else field.widget
            field.widget.attrs["class"] = "form-control" if is_date else "form-select"
            if name in self.errors:
                field.widget.attrs["class"] += " is-invalid"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise ValidationError({"until": _("The last day may not lie before the first.")})
        if since and until and (until - since).days >= LONGEST_DAYS:
            raise ValidationError({"since": _("Choose %(days)d days at the most.") % {"days": LONGEST_DAYS}})
        return cleaned

    def selection(self) -> Selection | None:
        """None while a filter is not understood: then nothing is shown, rather than more than was asked."""
        if not self.is_valid():
            return None
        values = self.cleaned_data
        return Selection(
            since=values["since"],
            until=values["until"],
            campaign=self.fixed_campaign or values.get("campaign"),
            outcome=values["outcome"],
            status=values["status"],
        )


def _with_usual_days(data: QueryDict) -> QueryDict:
    """Without days in the address: the last thirty, today included."""
    filled = data.copy()
    today = timezone.localdate(clock.now())
    usual = {"until": today, "since": today - timedelta(days=USUAL_DAYS - 1)}
    for name, day in usual.items():
        if not filled.get(name):
            filled[name] = day.isoformat()
    return filled

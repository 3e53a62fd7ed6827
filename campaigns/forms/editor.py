"""The one form of a campaign: itself, its calling rules and its script, judged and stored together."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.calling_hours import WEEKDAYS
from campaigns.forms.campaign_form import CampaignForm
from campaigns.forms.dressing import dress
from campaigns.forms.rules_form import RulesForm
from campaigns.forms.script_form import ScriptForm
from campaigns.models import CallingRules, Campaign, Script
from campaigns.models.script import SPOKEN
from campaigns.outcomes import RETRIED_OUTCOMES
from campaigns.services import CampaignRefused, save_campaign
from contacts.models import Basis

SECTIONS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    ("what", gettext_lazy("Campaign"), ("name", "kind", "required_basis", "lists", "agents")),
    ("script", gettext_lazy("Script"), SPOKEN),
    (
        "windows",
        gettext_lazy("Calling windows"),
        (*(f"windows_{day}" for day in WEEKDAYS), "observes_holidays", "is_always_open"),
    ),
    (
        "attempts",
        gettext_lazy("Attempts"),
        ("max_attempts", "max_attempts_per_day", *(f"delay_{outcome}" for outcome in RETRIED_OUTCOMES)),
    ),
    (
        "line",
        gettext_lazy("Line and limits"),
        (
            "caller_number",
            "transport",
            "recording",
            "max_concurrent_calls",
            "starts_per_second",
            "ring_timeout_seconds",
            "max_call_seconds",
            "silence_seconds",
            "budget_micros",
            "budget_currency",
        ),
    ),
)
EXPLANATIONS = {
    "windows": gettext_lazy(
        "In each contact's own time zone, for example 10:00-14:00, 16:00-20:00. An empty day has no calls."
    ),
    "attempts": gettext_lazy("How long to wait before the next attempt: 30 s, 15 min, 4 h, 1 d. Empty: not again."),
}


@dataclass(frozen=True)
class Section:
    slug: str
    title: str | Promise
    explanation: str | Promise
    fields: list[BoundField]


class CampaignEditor:
    def __init__(self, *, campaign: Campaign | None = None, data: QueryDict | None = None) -> None:
        self.campaign = campaign or Campaign()
        rules = CallingRules.objects.filter(campaign=campaign).first() if campaign else None
        script = campaign.script if campaign else None
        self.campaign_form = CampaignForm(data, instance=self.campaign)
        self.rules_form = RulesForm(data, instance=rules or CallingRules())
        self.script_form = ScriptForm(data, instance=script or Script())
        self.forms: tuple[forms.ModelForm, ...] = (self.campaign_form, self.rules_form, self.script_form)
        if data is not None:
            self._judge_together()

    def is_valid(self) -> bool:
        return not any(form.errors for form in self.forms)

    def save(self, *, user: User) -> Campaign | None:
        """Store everything, or nothing and put the refusal at its field."""
        try:
            return save_campaign(
                campaign=self.campaign_form.save(commit=False),
                rules=self.rules_form.save(commit=False),
                script=self.script_form.save(commit=False),
                lists=self.campaign_form.cleaned_data["lists"],
                agents=self.campaign_form.cleaned_data["agents"],
                user=user,
            )
        except CampaignRefused as refusal:
            self._form_of(refusal.field).add_error(refusal.field or None, refusal.message)
            return None

    def errors_of(self, name: str) -> list[str]:
        return [str(message) for message in self._form_of(name).errors.get(name, [])]

    def general_errors(self) -> list[str]:
        return [str(message) for form in self.forms for message in form.non_field_errors()]

    def sections(self) -> Iterator[Section]:
        for form in self.forms:
            dress(form, validate_url=self._validate_url())
        for slug, title, names in SECTIONS:
            fields = [self._form_of(name)[name] for name in names]
            yield Section(slug, title, EXPLANATIONS.get(slug, ""), fields)

    def _judge_together(self) -> None:
        """What no single form can see."""
        basis = self.campaign_form.data.get("required_basis")
        if self.rules_form.is_valid() and self.rules_form.cleaned_data["is_always_open"] and basis != Basis.PRACTICE:
            self.rules_form.add_error("is_always_open", _("Only practice campaigns may call at any hour."))

    def _form_of(self, name: str) -> forms.ModelForm:
        return next((form for form in self.forms if name in form.fields), self.campaign_form)

    def _validate_url(self) -> str:
        if self.campaign._state.adding:
            return reverse("campaigns:validate")
        return reverse("campaigns:validate-edit", args=[self.campaign.pk])

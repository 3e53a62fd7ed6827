from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from callcenter.practice import is_practice_network
from campaigns.caller_number import caller_number_refusal
from campaigns.forms.fields import MoneyField
from campaigns.models import Campaign, CampaignKind
from campaigns.services.readiness import calls_spain
from contacts.models import Basis

CURRENCIES = [("USD", "USD"), ("EUR", "EUR"), ("MXN", "MXN")]
WRITTEN_BETWEEN_DIGITS = str.maketrans("", "", " .-()\u00a0\u202f")


class CampaignForm(forms.ModelForm):
    budget_micros = MoneyField(
        label=gettext_lazy("Budget"), help_text=gettext_lazy("No call is placed once it is spent. Empty: no limit.")
    )
    budget_currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=CURRENCIES)

    class Meta:
        model = Campaign
        fields = [
            "name",
            "kind",
            "required_basis",
            "lists",
            "agents",
            "caller_number",
            "transport",
            "recording",
            "ring_timeout_seconds",
            "max_call_seconds",
            "silence_seconds",
            "budget_micros",
            "budget_currency",
        ]
        widgets = {"lists": forms.CheckboxSelectMultiple, "agents": forms.CheckboxSelectMultiple}
        help_texts = {
            "required_basis": gettext_lazy(
                "Contacts without this basis are not called. Automated commercial calls need prior express consent."
            ),
            "agents": gettext_lazy("Who sees this campaign and its calls, besides supervisors and analysts."),
            "caller_number": gettext_lazy("The number that people see, with its country code."),
        }
        error_messages = {"lists": {"required": gettext_lazy("Choose at least one contact list.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agents"].queryset = User.objects.filter(is_active=True, groups__name="agent").order_by("email")  # type: ignore[attr-defined]
        if self.instance._state.adding:
            self.initial["caller_number"] = settings.TWILIO_CALLER_NUMBER

    def clean_caller_number(self) -> str:
        return self.cleaned_data["caller_number"].translate(WRITTEN_BETWEEN_DIGITS)

    def clean_required_basis(self) -> str:
        basis = self.cleaned_data["required_basis"]
        if basis == Basis.PRACTICE and not is_practice_network():
            raise ValidationError(
                _("Practice campaigns only call on the practice phone network, and the carrier is not that.")
            )
        return basis

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "caller_number" in cleaned and "kind" in cleaned:
            commercial = cleaned["kind"] == CampaignKind.COMMERCIAL
            refusal = caller_number_refusal(
                caller_number=cleaned["caller_number"],
                kind=cleaned["kind"],
                calls_spain=commercial and calls_spain(cleaned.get("lists", [])),
            )
            if refusal:
                self.add_error("caller_number", refusal)
        return cleaned

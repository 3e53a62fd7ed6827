from typing import Any

from django import forms
from django.utils import dates
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.calling_hours import WEEKDAYS
from campaigns.forms.fields import DayWindowsField, DelayField
from campaigns.models import CallingRules
from campaigns.outcomes import RETRIED_OUTCOMES


class RulesForm(forms.ModelForm):
    class Meta:
        model = CallingRules
        fields = [
            "is_always_open",
            "observes_holidays",
            "max_attempts",
            "max_attempts_per_day",
            "max_concurrent_calls",
            "starts_per_second",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in WEEKDAYS:
            label = capfirst(str(dates.WEEKDAYS[int(weekday)]))
            self.fields[f"windows_{weekday}"] = DayWindowsField(weekday=weekday, label=label)
            self.initial.setdefault(f"windows_{weekday}", self.instance.windows.get(weekday, []))
        for outcome, words in RETRIED_OUTCOMES.items():
            self.fields[f"delay_{outcome}"] = DelayField(label=words)
            self.initial.setdefault(f"delay_{outcome}", self.instance.retry_delays.get(outcome))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [f"windows_{weekday}" for weekday in WEEKDAYS]
        all_read = all(name in cleaned for name in names)
        if all_read and not cleaned.get("is_always_open") and not any(cleaned[name] for name in names):
            self.add_error("windows_0", _("Enter at least one calling window."))
        return cleaned

    def save(self, commit: bool = True) -> CallingRules:  # noqa: FBT001, FBT002
        written = {day: self.cleaned_data[f"windows_{day}"] for day in WEEKDAYS}
        self.instance.windows = {day: spans for day, spans in written.items() if spans}
        self.instance.retry_delays = self._retry_delays()
        return super().save(commit=commit)

    def _retry_delays(self) -> dict[str, int]:
        """Delays of outcomes that the form does not show stay as they are."""
        shown = {outcome: self.cleaned_data[f"delay_{outcome}"] for outcome in RETRIED_OUTCOMES}
        delays = self.instance.retry_delays | shown
        return {outcome: seconds for outcome, seconds in delays.items() if seconds is not None}

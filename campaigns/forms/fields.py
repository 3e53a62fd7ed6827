"""Fields that read what people write: a day's windows, a delay, one item a line, money."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from callcenter.money import from_micros, to_micros
from campaigns.calling_hours import InvalidWindows, validate_windows
from campaigns.durations import NotADuration, parse_duration, write_duration
from campaigns.windows_text import parse_spans, write_spans

LONGEST_DELAY_SECONDS = 90 * 86_400


class DayWindowsField(forms.CharField):
    """Text such as "10:00-14:00, 16:00-20:00" for a list of spans."""

    def __init__(self, *, weekday: str, **options: Any) -> None:
        super().__init__(max_length=120, required=False, **options)
        self.weekday = weekday

    def prepare_value(self, value: Any) -> Any:
        return write_spans(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[list[str]]:
        text = super().clean(value)
        try:
            spans = parse_spans(text)
            if spans:
                validate_windows({self.weekday: spans})
        except InvalidWindows as problem:
            raise ValidationError(str(problem), code="windows") from problem
        return spans


class DelayField(forms.CharField):
    """Text such as "15 min" for a number of seconds; nothing written means that nobody tries again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return write_duration(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            seconds = parse_duration(text) if text else None
        except NotADuration as problem:
            raise ValidationError(_("Write a delay such as 30 s, 15 min, 4 h or 1 d."), code="delay") from problem
        if seconds is not None and seconds > LONGEST_DELAY_SECONDS:
            raise ValidationError(_("Wait 90 days at the most."), code="delay")
        return seconds


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, *, max_lines: int = 50, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 5}), **options)
        self.max_lines = max_lines

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > self.max_lines:
            raise ValidationError(_("Write %(limit)s lines at the most."), params={"limit": self.max_lines})
        return lines


class MoneyField(forms.DecimalField):
    """An amount for a number of micro-units; empty is no limit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, min_value=Decimal("0.01"), max_digits=11, decimal_places=2, **options)

    def prepare_value(self, value: Any) -> Any:
        return from_micros(value).quantize(Decimal("0.01")) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else to_micros(amount)

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Func
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from campaigns.calling_hours import InvalidWindows, validate_windows
from campaigns.models.campaign import Campaign

HOUR = 3600


def working_week() -> dict[str, Any]:
    """Monday to Friday 10:00-20:00: weekday number as text (0 is Monday) -> list of [from, to]."""
    return {str(day): [["10:00", "20:00"]] for day in range(5)}


def default_retry_delays() -> dict[str, int]:
    """Seconds to wait after each outcome before the next attempt."""
    return {
        "busy": HOUR,
        "no_answer": 4 * HOUR,
        "failed": 4 * HOUR,
        "voicemail": 24 * HOUR,
        "no_conversation": 24 * HOUR,
    }


def refuse_senseless_windows(windows: object) -> None:
    """The back office and the portal refuse the same windows."""
    try:
        validate_windows(windows)
    except InvalidWindows as problem:
        raise ValidationError(str(problem)) from problem


class CallingRules(models.Model):
    """When and how often a campaign may call."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="rules", verbose_name=_("campaign"))
    windows = models.JSONField(
        _("calling windows"), default=working_week, blank=True, validators=[refuse_senseless_windows]
    )
    is_always_open = models.BooleanField(_("always open (practice only)"), default=False)
    observes_holidays = models.BooleanField(_("no calls on public holidays"), default=True)
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts a contact"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    retry_delays = models.JSONField(_("retry delays"), default=default_retry_delays)
    max_concurrent_calls = models.PositiveSmallIntegerField(
        _("calls at once"), default=5, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    starts_per_second = models.DecimalField(
        _("starts per second"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    max_attempts_per_day = models.PositiveSmallIntegerField(
        _("calls to one number a day, all campaigns"), default=3, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("calling rules")
        verbose_name_plural = _("calling rules")
        constraints = [
            models.CheckConstraint(
                condition=Exact(Func("windows", function="jsonb_typeof", output_field=models.TextField()), "object"),
                name="windows_by_weekday",
            ),
            models.CheckConstraint(condition=models.Q(max_attempts__gte=1), name="some_attempts"),
            models.CheckConstraint(condition=models.Q(max_attempts_per_day__gte=1), name="some_attempts_a_day"),
            models.CheckConstraint(condition=models.Q(max_concurrent_calls__gte=1), name="some_calls_at_once"),
            models.CheckConstraint(condition=models.Q(starts_per_second__gt=0), name="some_starts"),
        ]

    def __str__(self) -> str:
        return f"rules of {self.campaign_id}"

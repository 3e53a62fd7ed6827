from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from callcenter.identifiers import new_id
from campaigns.pause_reasons import describe_pause
from contacts.models import Basis, ContactList

if TYPE_CHECKING:
    from accounts.models import User
    from campaigns.models.script import Script


class CampaignStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")


class CampaignKind(models.TextChoices):
    COMMERCIAL = "commercial", _("Commercial")
    SERVICE = "service", _("Service")


class Transport(models.TextChoices):
    RELAY = "relay", _("Streaming conversation (relay)")
    GATHER = "gather", _("Turn by turn (gather)")


class RecordingMode(models.TextChoices):
    OFF = "off", _("Not recorded")
    ON = "on", _("Recorded")
    WITH_NOTICE = "with_notice", _("Recorded, with spoken notice")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def running(self) -> "CampaignQuerySet":
        return self.filter(status=CampaignStatus.RUNNING)

    def visible_to(self, user: "User") -> "CampaignQuerySet":
        """Agents see the campaigns they are assigned to; every other role sees all of them."""
        if not user.has_perm("campaigns.view_campaign"):
            return self.none()
        if user.has_perm("campaigns.view_every_campaign"):
            return self.all()
        return self.filter(agents=user)


class Campaign(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=150, unique=True)
    status = models.CharField(_("status"), max_length=16, choices=CampaignStatus, default=CampaignStatus.DRAFT)
    status_reason = models.TextField(_("reason"), blank=True)
    status_details = models.JSONField(default=dict, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=CampaignKind, default=CampaignKind.SERVICE)
    required_basis = models.CharField(_("required legal basis"), max_length=24, choices=Basis, default=Basis.CONSENT)
    transport = models.CharField(_("transport"), max_length=8, choices=Transport, default=Transport.RELAY)
    caller_number = models.CharField(_("caller number"), max_length=16)
    recording = models.CharField(
        _("recording"), max_length=16, choices=RecordingMode, default=RecordingMode.WITH_NOTICE
    )
    lists = models.ManyToManyField(ContactList, related_name="campaigns", verbose_name=_("contact lists"))
    agents = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="campaigns", verbose_name=_("agents")
    )
    ring_timeout_seconds = models.PositiveSmallIntegerField(
        _("ringing time (seconds)"), default=30, validators=[MinValueValidator(5), MaxValueValidator(120)]
    )
    max_call_seconds = models.PositiveSmallIntegerField(
        _("longest call (seconds)"), default=600, validators=[MinValueValidator(30), MaxValueValidator(3600)]
    )
    silence_seconds = models.PositiveSmallIntegerField(
        _("silence before asking (seconds)"),
        default=8,
        validators=[MinValueValidator(3), MaxValueValidator(60)],
    )
    budget_micros = models.BigIntegerField(_("budget"), null=True, blank=True)
    budget_currency = models.CharField(_("currency"), max_length=3, default="USD")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    spent_micros = models.BigIntegerField(_("spent"), default=0, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-created_at"]
        permissions = [
            ("view_every_campaign", "Can view campaigns without being assigned to them"),
            ("run_campaign", "Can start, pause and resume campaigns"),
        ]
        indexes = [models.Index(fields=["status"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=CampaignStatus.values), name="campaign_status_known"),
            models.CheckConstraint(condition=models.Q(kind__in=CampaignKind.values), name="campaign_kind_known"),
            models.CheckConstraint(condition=models.Q(required_basis__in=Basis.values), name="campaign_basis_known"),
            models.CheckConstraint(condition=models.Q(transport__in=Transport.values), name="campaign_transport_known"),
            models.CheckConstraint(condition=models.Q(recording__in=RecordingMode.values), name="recording_mode_known"),
            models.CheckConstraint(
                condition=models.Q(budget_micros=None) | models.Q(budget_micros__gt=0), name="budget_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campaigns:detail", args=[self.pk])

    @property
    def status_words(self) -> str:
        """Why the system paused it, in the reader's language."""
        return describe_pause(self.status_reason, self.status_details)

    @property
    def is_bound_by_commercial_hours(self) -> bool:
        """Practice rings no real phone."""
        return self.kind == CampaignKind.COMMERCIAL and self.required_basis != Basis.PRACTICE

    @property
    def is_budget_spent(self) -> bool:
        return self.budget_micros is not None and self.spent_micros >= self.budget_micros

    @property
    def script(self) -> "Script | None":
        """The newest version of the script; calls keep the version they began with."""
        return self.scripts.order_by("-version").first()


class CampaignStatusChange(models.Model):
    """When a campaign began or ceased to run; the judge reads it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="status_changes")
    from_status = models.CharField(max_length=16, choices=CampaignStatus)
    to_status = models.CharField(max_length=16, choices=CampaignStatus)
    at = models.DateTimeField(default=clock.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.from_status} -> {self.to_status}"

    @property
    def words(self) -> str:
        """Why it changed, in the reader's language."""
        return describe_pause(self.reason, self.details)

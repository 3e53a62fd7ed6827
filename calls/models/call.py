from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from callcenter.identifiers import new_id
from campaigns.models import Campaign, CampaignContact, Disposition, Script, Transport
from contacts.models import Contact

if TYPE_CHECKING:
    from accounts.models import User


class CallStatus(models.TextChoices):
    """What the line did."""

    QUEUED = "queued", _("Queued")
    DIALING = "dialing", _("Dialing")
    RINGING = "ringing", _("Ringing")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    BUSY = "busy", _("Busy")
    NO_ANSWER = "no_answer", _("No answer")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Canceled")


IN_FLIGHT = (CallStatus.QUEUED, CallStatus.DIALING, CallStatus.RINGING, CallStatus.IN_PROGRESS)
TERMINAL = (
    CallStatus.COMPLETED,
    CallStatus.BUSY,
    CallStatus.NO_ANSWER,
    CallStatus.FAILED,
    CallStatus.CANCELED,
)


class AnsweredBy(models.TextChoices):
    """What picked up. `uncertain` is an answer: it is never taken for a person nor for a machine."""

    HUMAN = "human", _("Person")
    VOICEMAIL = "voicemail", _("Voicemail")
    SCREENING = "screening", _("Call screening")
    FAX = "fax", _("Fax")
    UNCERTAIN = "uncertain", _("Uncertain")


class CallQuerySet(models.QuerySet["Call"]):
    def in_flight(self) -> "CallQuerySet":
        return self.filter(status__in=IN_FLIGHT)

    def lease_expired(self, now: datetime) -> "CallQuerySet":
        return self.in_flight().filter(lease_expires_at__lte=now)

    def visible_to(self, user: "User") -> "CallQuerySet":
        if not user.has_perm("calls.view_call"):
            return self.none()
        return self.filter(campaign__in=Campaign.objects.visible_to(user))


class Call(models.Model):
    """One attempt to reach a contact: at most one call at the carrier, ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="calls", verbose_name=_("campaign"))
    membership = models.ForeignKey(
        CampaignContact, models.SET_NULL, null=True, related_name="calls", verbose_name=_("campaign contact")
    )
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="calls", verbose_name=_("contact"))
    script = models.ForeignKey(Script, models.PROTECT, related_name="calls", verbose_name=_("script"))
    transport = models.CharField(_("transport"), max_length=8, choices=Transport)
    to_number = models.CharField(_("to"), max_length=16)
    from_number = models.CharField(_("from"), max_length=16)
    number_hash = models.CharField(max_length=64, db_index=True)
    attempt_number = models.PositiveSmallIntegerField(_("attempt"), default=1)
    status = models.CharField(_("status"), max_length=16, choices=CallStatus, default=CallStatus.QUEUED)
    answered_by = models.CharField(_("answered by"), max_length=16, choices=AnsweredBy, blank=True)
    disposition = models.CharField(_("disposition"), max_length=32, choices=Disposition, blank=True)
    place_at = models.DateTimeField(_("to be placed at"))
    lease_expires_at = models.DateTimeField(db_index=True)
    carrier_sid = models.CharField(_("carrier's id"), max_length=64, unique=True, null=True, blank=True)
    queued_at = models.DateTimeField(_("queued"), default=clock.now)
    hang_up_asked_at = models.DateTimeField(_("hang-up asked for"), null=True, blank=True)
    placed_at = models.DateTimeField(_("placed"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(_("length (seconds)"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)
    error_code = models.CharField(_("error code"), max_length=16, blank=True)
    disclosed_at = models.DateTimeField(_("disclosure spoken"), null=True, blank=True)
    callback_at = models.DateTimeField(_("callback promised for"), null=True, blank=True)
    evidence = models.JSONField(_("rules checked when dialling"), default=dict, blank=True)
    price_micros = models.BigIntegerField(_("price"), null=True, blank=True)
    price_currency = models.CharField(_("currency"), max_length=3, blank=True)
    price_due_at = models.DateTimeField(_("price asked for again"), null=True, blank=True, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-id"]
        permissions = [
            ("control_call", "Can place, cancel, reschedule and hang up calls"),
            ("listen_recording", "Can listen to recordings"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["to_number"],
                condition=models.Q(status__in=["queued", "dialing", "ringing", "in_progress"]),
                name="one_call_in_flight_a_number",
            ),
            models.UniqueConstraint(fields=["membership", "attempt_number"], name="one_call_an_attempt"),
        ]
        indexes = [
            models.Index(fields=["place_at"], condition=models.Q(status="queued"), name="queued_by_place_at"),
            models.Index(
                fields=["lease_expires_at"],
                condition=models.Q(status__in=["queued", "dialing", "ringing", "in_progress"]),
                name="in_flight_by_lease",
            ),
            models.Index(fields=["campaign", "-id"]),
            models.Index(fields=["contact", "-id"]),
            models.Index(fields=["placed_at"]),
            models.Index(
                fields=["campaign", "ended_at"],
                condition=models.Q(price_micros__isnull=True, duration_seconds__gt=0),
                name="unpriced_by_end",
            ),
            models.Index(
                fields=["campaign", "-ended_at"],
                condition=models.Q(price_micros__isnull=False),
                name="priced_by_campaign",
            ),
            models.Index(
                fields=["price_currency", "-ended_at"],
                condition=models.Q(price_micros__isnull=False),
                name="priced_by_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("calls:detail", args=[self.pk])

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from callcenter.identifiers import new_id
from campaigns.models.campaign import Campaign
from contacts.models import Contact


class ContactStatus(models.TextChoices):
    """Where a contact stands in a campaign. Only `pending` is ever dialled; the last four are final."""

    PENDING = "pending", _("Pending")
    IN_CALL = "in_call", _("In a call")
    DONE = "done", _("Done")
    EXHAUSTED = "exhausted", _("Attempts used up")
    BLOCKED = "blocked", _("May not be called")
    FAILED = "failed", _("Cannot be called")


FINAL_STATUSES = (ContactStatus.DONE, ContactStatus.EXHAUSTED, ContactStatus.BLOCKED, ContactStatus.FAILED)


class PassOverReason(models.TextChoices):
    """Why a pending contact was not dialled, in the order in which the funnel asks."""

    CAMPAIGN_NOT_RUNNING = "campaign_not_running", _("The campaign is not running")
    NO_VALID_NUMBER = "no_valid_number", _("No valid number")
    ON_DNC_LIST = "on_dnc_list", _("On the do-not-call list")
    NO_LEGAL_BASIS = "no_legal_basis", _("No legal basis for this campaign")
    ATTEMPTS_EXHAUSTED = "attempts_exhausted", _("All attempts used")
    NOT_YET_DUE = "not_yet_due", _("Waiting for the next attempt")
    OUTSIDE_WINDOW = "outside_window", _("Outside the calling window in the contact's zone")
    PUBLIC_HOLIDAY = "public_holiday", _("Public holiday")
    FREQUENCY_CAP = "frequency_cap", _("Called often enough today")
    ALREADY_IN_CALL = "already_in_call", _("This number is in a call")
    BUDGET_REACHED = "budget_reached", _("The campaign's budget is spent")
    NO_CAPACITY = "no_capacity", _("Waiting for a free line")


class CampaignContactQuerySet(models.QuerySet["CampaignContact"]):
    def pending(self) -> "CampaignContactQuerySet":
        return self.filter(status=ContactStatus.PENDING)

    def due(self, now: datetime) -> "CampaignContactQuerySet":
        return self.pending().filter(next_attempt_at__lte=now)

    def final(self) -> "CampaignContactQuerySet":
        return self.filter(status__in=FINAL_STATUSES)


class CampaignContact(models.Model):
    """A contact in a campaign: how often it was tried, when next, and why not now."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="memberships", verbose_name=_("campaign"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="campaign_memberships", verbose_name=_("contact"))
    status = models.CharField(_("status"), max_length=16, choices=ContactStatus, default=ContactStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=clock.now)
    is_callback = models.BooleanField(_("promised callback"), default=False)
    reason = models.CharField(_("reason"), max_length=32, choices=PassOverReason, blank=True)
    reason_at = models.DateTimeField(_("reason since"), null=True, blank=True)
    last_outcome = models.CharField(_("last outcome"), max_length=32, blank=True)
    disposition = models.CharField(_("disposition"), max_length=32, blank=True)

    objects = CampaignContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign contact")
        verbose_name_plural = _("campaign contacts")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "contact"], name="in_a_campaign_once"),
            models.CheckConstraint(condition=models.Q(status__in=ContactStatus.values), name="contact_status_known"),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "next_attempt_at"],
                condition=models.Q(status="pending"),
                name="pending_by_due_time",
            ),
            models.Index(fields=["campaign", "status"]),
            models.Index(
                fields=["campaign", "contact"],
                condition=models.Q(status="blocked", reason="no_legal_basis"),
                name="without_legal_basis",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.campaign_id}"

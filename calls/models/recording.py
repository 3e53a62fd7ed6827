from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from calls.models.call import Call


class RecordingStatus(models.TextChoices):
    ANNOUNCED = "announced", _("Announced")
    STORED = "stored", _("Stored")
    ABSENT = "absent", _("Absent")
    FAILED = "failed", _("Failed")


class Recording(models.Model):
    """Sound of a call, copied from the carrier to our storage."""

    call = models.OneToOneField(Call, models.CASCADE, related_name="recording", verbose_name=_("call"))
    carrier_sid = models.CharField(_("carrier's id"), max_length=64, unique=True)
    status = models.CharField(_("status"), max_length=16, choices=RecordingStatus, default=RecordingStatus.ANNOUNCED)
    duration_seconds = models.PositiveIntegerField(_("length (seconds)"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to="recordings/%Y/%m/%d", blank=True)
    announced_at = models.DateTimeField(_("announced"), default=clock.now)
    stored_at = models.DateTimeField(_("stored"), null=True, blank=True)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def __str__(self) -> str:
        return f"recording of {self.call_id}"

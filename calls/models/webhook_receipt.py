from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from calls.models.call import Call


class WebhookReceipt(models.Model):
    """A webhook that was answered, under its natural key, so that a repeat is answered the same and changes nothing."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="receipts", verbose_name=_("call"))
    kind = models.CharField(_("kind"), max_length=32)
    key = models.CharField(_("natural key"), max_length=120)
    content_type = models.CharField(max_length=64, default="text/xml")
    body = models.TextField(blank=True)
    received_at = models.DateTimeField(_("received"), default=clock.now)

    class Meta:
        verbose_name = _("webhook receipt")
        verbose_name_plural = _("webhook receipts")
        constraints = [models.UniqueConstraint(fields=["call", "kind", "key"], name="one_receipt_a_webhook")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

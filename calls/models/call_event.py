from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from calls.models.call import Call


class CallEvent(models.Model):
    """Something that happened to a call. A change of status has both `from_status` and `to_status`."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="events", verbose_name=_("call"))
    kind = models.CharField(_("kind"), max_length=32)
    from_status = models.CharField(_("from"), max_length=16, blank=True)
    to_status = models.CharField(_("to"), max_length=16, blank=True)
    at = models.DateTimeField(_("when"), default=clock.now)
    source = models.CharField(_("source"), max_length=32)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    data = models.JSONField(_("data"), default=dict, blank=True)

    class Meta:
        verbose_name = _("call event")
        verbose_name_plural = _("call events")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_status}->{self.to_status}"

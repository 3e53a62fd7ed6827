from django.db import models
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """No table: it carries the permissions of this app."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("view_report", "Can view reports"),
            ("export_report", "Can export the calls behind a report"),
        ]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

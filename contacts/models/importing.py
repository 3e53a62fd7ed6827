from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from callcenter.identifiers import new_id
from contacts.models.contact_list import ContactList


class Import(models.Model):
    """One file loaded once. created + updated + unchanged + merged + rejected = rows, always."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_name = models.CharField(_("file"), max_length=255)
    contact_list = models.ForeignKey(
        ContactList,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="imports",
        verbose_name=_("contact list"),
    )
    country = models.CharField(_("default country"), max_length=2)
    basis = models.CharField(_("legal basis"), max_length=24, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("user"))
    headings = models.JSONField(_("headings"), default=list, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    merged = models.PositiveIntegerField(_("merged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    started_at = models.DateTimeField(_("started"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("contacts:import-result", args=[self.pk])


class RejectedRow(models.Model):
    """A row that was not loaded: its cells as they stood in the file, and why."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="rejected_rows", verbose_name=_("import"))
    row_number = models.PositiveIntegerField(_("row"))
    reason_code = models.CharField(_("reason code"), max_length=40)
    reason = models.CharField(_("reason"), max_length=300)
    cells = models.JSONField(_("cells"), default=list)

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ["run", "row_number"]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.reason_code}"

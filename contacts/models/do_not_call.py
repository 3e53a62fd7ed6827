from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from contacts.number_hash import numbers_by_hash


class DoNotCallQuerySet(models.QuerySet["DoNotCallEntry"]):
    def in_force(self, now: datetime) -> "DoNotCallQuerySet":
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now))

    def of_numbers(self, numbers: Iterable[str]) -> "DoNotCallQuerySet":
        return self.filter(number_hash__in=list(numbers_by_hash(numbers)))


class DoNotCallEntry(models.Model):
    """A number nobody may call. It is known by its keyed hash; the number itself need not be kept."""

    number_hash = models.CharField(_("number hash"), max_length=64, unique=True)
    e164 = models.CharField(_("number"), max_length=16, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    source = models.CharField(_("source"), max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("since"), default=clock.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = DoNotCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("do-not-call entry")
        verbose_name_plural = _("do-not-call entries")

    def __str__(self) -> str:
        return f"DNC {self.number_hash[:8]}"


class NumberHashKey(models.Model):
    """A key that entries were written with, known by its fingerprint: without it they would match no number."""

    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    first_used_at = models.DateTimeField(_("first used"), default=clock.now)

    class Meta:
        verbose_name = _("key of number hashes")
        verbose_name_plural = _("keys of number hashes")

    def __str__(self) -> str:
        return self.fingerprint[:8]

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from callcenter.identifiers import new_id

if TYPE_CHECKING:
    from accounts.models import User


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: "User") -> "ContactQuerySet":
        """Agents see the people of the campaigns they are assigned to; every other role sees all of them."""
        if not user.has_perm("contacts.view_contact"):
            return self.none()
        if user.has_perm("contacts.view_every_contact"):
            return self.all()
        return self.filter(
            models.Exists(Contact.objects.filter(pk=models.OuterRef("pk"), campaign_memberships__campaign__agents=user))
        )


class Contact(models.Model):
    """A person, once across all campaigns. The counters are written by the services that hold calls."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    full_name = models.CharField(_("name"), max_length=200, blank=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    sort_name = models.CharField(max_length=200, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    extra = models.JSONField(_("further fields"), default=dict, blank=True)
    last_called_at = models.DateTimeField(_("last called"), null=True, blank=True, editable=False)
    last_disposition = models.CharField(_("last disposition"), max_length=32, blank=True, editable=False)
    call_count = models.PositiveIntegerField(_("calls"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        permissions = [
            ("view_every_contact", "Can view contacts without being assigned to their campaigns"),
            ("see_numbers", "Can see whole phone numbers"),
        ]
        indexes = [models.Index(fields=["sort_name", "id"])]

    def __str__(self) -> str:
        return self.full_name or str(_("No name"))

    def get_absolute_url(self) -> str:
        return reverse("contacts:detail", args=[self.pk])

    @property
    def primary_number(self) -> "ContactNumber | None":
        """The number that is dialled: rank 1. Prefetch `numbers` before asking many contacts."""
        return min(self.numbers.all(), key=lambda number: number.rank, default=None)


class ContactNumber(models.Model):
    """A phone number; it belongs to one contact only, and rank 1 is the one that is dialled."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="numbers", verbose_name=_("contact"))
    e164 = models.CharField(_("number"), max_length=16, unique=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    country = models.CharField(_("country"), max_length=2, blank=True)
    kind = models.CharField(_("kind"), max_length=16, blank=True)
    time_zones = ArrayField(models.CharField(max_length=64), verbose_name=_("time zones"), default=list, blank=True)

    class Meta:
        verbose_name = _("phone number")
        verbose_name_plural = _("phone numbers")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "rank"], name="one_number_a_rank"),
            models.CheckConstraint(condition=models.Q(e164__regex=r"^\+[1-9]\d{6,14}$"), name="number_is_e164"),
        ]

    def __str__(self) -> str:
        return self.e164

from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from callcenter.identifiers import new_id
from contacts.models.contact import Contact


class ContactList(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=150, unique=True)
    contacts = models.ManyToManyField(
        Contact, through="ContactListMembership", related_name="lists", verbose_name=_("contacts")
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("contact list")
        verbose_name_plural = _("contact lists")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ContactListMembership(models.Model):
    contact_list = models.ForeignKey(ContactList, models.CASCADE, related_name="memberships")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="memberships")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact_list", "contact"], name="in_a_list_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.contact_list_id}"

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from contacts.models.contact import Contact


class Basis(models.TextChoices):
    """Legal bases of GDPR article 6(1) that a call may stand on; `practice` only ever dials the simulator."""

    CONSENT = "consent", _("Prior express consent")
    CONTRACT = "contract", _("Contract")
    LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation")
    PRACTICE = "practice", _("Practice (simulator only)")


class ConsentRecord(models.Model):
    """Why we may call this person: the basis, where it came from, what it said and until when it holds."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents", verbose_name=_("contact"))
    basis = models.CharField(_("basis"), max_length=24, choices=Basis)
    source = models.CharField(_("source"), max_length=200)
    obtained_at = models.DateTimeField(_("obtained"), default=clock.now)
    wording = models.TextField(_("wording"), blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        constraints = [
            models.UniqueConstraint(fields=["contact", "basis", "source"], name="one_consent_a_basis_and_source")
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} ({self.source})"

    def clean(self) -> None:
        """What a form may not save. An import dates its consents itself."""
        if self.obtained_at and self.obtained_at > clock.now():
            raise ValidationError({"obtained_at": _("A legal basis cannot have been obtained in the future.")})
        if self.obtained_at and self.expires_at and self.expires_at <= self.obtained_at:
            raise ValidationError({"expires_at": _("It would expire before it was obtained.")})

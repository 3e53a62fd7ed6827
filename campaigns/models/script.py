from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from campaigns.models.campaign import Campaign

LANGUAGES = [
    ("es-ES", _("Spanish (Spain)")),
    ("es-MX", _("Spanish (Mexico)")),
    ("es-US", _("Spanish (United States)")),
    ("en-US", _("English (United States)")),
    ("en-GB", _("English (United Kingdom)")),
]

SPOKEN = (
    "language",
    "disclosure",
    "opening",
    "purpose",
    "questions",
    "facts",
    "farewell",
    "voicemail_message",
    "voice",
    "model",
)
"""What people write, in the order of the form; a change in any of them makes the next version."""


class Script(models.Model):
    """What the assistant says. A version never changes once a call has used it: editing writes the next one."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="scripts", verbose_name=_("campaign"))
    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="es-ES")
    disclosure = models.TextField(_("disclosure"))
    opening = models.TextField(_("opening"))
    purpose = models.TextField(_("purpose"))
    questions = models.JSONField(_("questions"), default=list, blank=True)
    facts = models.JSONField(_("facts"), default=list, blank=True)
    farewell = models.TextField(_("farewell"), blank=True)
    voicemail_message = models.TextField(_("voicemail message"), blank=True)
    voice = models.CharField(_("voice"), max_length=64, blank=True)
    model = models.CharField(_("language model"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("script")
        verbose_name_plural = _("scripts")
        ordering = ["campaign", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="one_script_a_version"),
            models.CheckConstraint(condition=~models.Q(disclosure=""), name="script_discloses"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.version}"

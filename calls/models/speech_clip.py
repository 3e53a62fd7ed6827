from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock


class SpeechClip(models.Model):
    """Generated speech kept for reuse. The key is a hash over voice, model, language, format and text."""

    key = models.CharField(max_length=64, primary_key=True)
    voice = models.CharField(_("voice"), max_length=64)
    model = models.CharField(_("model"), max_length=64)
    language = models.CharField(_("language"), max_length=10)
    characters = models.PositiveIntegerField(_("characters"))
    duration_ms = models.PositiveIntegerField(_("length (ms)"))
    bytes = models.PositiveIntegerField(_("size (bytes)"))
    file = models.FileField(_("file"), upload_to="speech")
    is_fixed = models.BooleanField(_("fixed sentence"), default=False)
    created_at = models.DateTimeField(_("created"), default=clock.now)
    last_used_at = models.DateTimeField(_("last used"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("speech clip")
        verbose_name_plural = _("speech clips")

    def __str__(self) -> str:
        return self.key

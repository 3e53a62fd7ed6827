from django.db import models
from django.utils.translation import gettext_lazy as _

from callcenter import clock
from calls.models.call import Call


class TurnKind(models.TextChoices):
    OPENING = "opening", _("Opening")
    REPLY = "reply", _("Reply")
    SILENCE = "silence", _("Silence")
    FAREWELL = "farewell", _("Farewell")
    VOICEMAIL = "voicemail", _("Voicemail message")


class TurnStatus(models.TextChoices):
    PENDING = "pending", _("Thinking")
    SPEAKING = "speaking", _("Speaking")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Turn(models.Model):
    """An exchange: what the person said, then what the assistant said. The transcript is these rows in order.

    `said` keeps only what was heard when the person interrupted.
    """

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="turns", verbose_name=_("call"))
    sequence = models.PositiveIntegerField(_("sequence"))
    kind = models.CharField(_("kind"), max_length=16, choices=TurnKind, default=TurnKind.REPLY)
    status = models.CharField(_("status"), max_length=16, choices=TurnStatus, default=TurnStatus.PENDING)
    heard = models.TextField(_("the person said"), blank=True)
    said = models.TextField(_("the assistant said"), blank=True)
    was_interrupted = models.BooleanField(_("interrupted"), default=False)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    tool_calls = models.JSONField(_("tools used"), default=list, blank=True)
    at = models.DateTimeField(_("when"), default=clock.now)
    queue_ms = models.PositiveIntegerField(_("waited for a worker (ms)"), null=True, blank=True)
    model_first_token_ms = models.PositiveIntegerField(_("model to first token (ms)"), null=True, blank=True)
    first_words_ms = models.PositiveIntegerField(_("to first words out (ms)"), null=True, blank=True)
    total_ms = models.PositiveIntegerField(_("in all (ms)"), null=True, blank=True)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ["call", "sequence"]
        constraints = [models.UniqueConstraint(fields=["call", "sequence"], name="one_turn_a_sequence")]

    def __str__(self) -> str:
        return f"turn {self.sequence} of {self.call_id}"

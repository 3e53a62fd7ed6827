from django.db import models
from django.utils.translation import gettext_lazy as _


class Disposition(models.TextChoices):
    """What the business got out of a call. Not what the line did, nor what picked up."""

    INTERESTED = "interested", _("Interested")
    COMPLETED = "completed", _("Questions answered")
    CALLBACK = "callback", _("Callback asked for")
    NOT_INTERESTED = "not_interested", _("Not interested")
    DO_NOT_CALL = "do_not_call", _("Asked not to be called")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    HUMAN_REQUESTED = "human_requested", _("Asked for a person")
    VOICEMAIL = "voicemail", _("Voicemail")
    NO_CONVERSATION = "no_conversation", _("No conversation")
    FAILED = "failed", _("Failed")

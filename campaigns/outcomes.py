"""What came of an attempt, in words, and after which outcomes a campaign may try again: every other one is final."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Disposition

RETRIED_OUTCOMES: dict[str, str | Promise] = {
    "busy": _("After a busy line"),
    "no_answer": _("After no answer"),
    "failed": _("After a failed call"),
    "voicemail": _("After voicemail"),
    "no_conversation": _("After an answer without a conversation"),
}
OUTCOME_LABELS: dict[str, str | Promise] = {
    **dict(Disposition.choices),
    "busy": _("Busy"),
    "no_answer": _("No answer"),
    "canceled": _("Canceled"),
}

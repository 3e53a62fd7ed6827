"""Why calls ended, as codes that are stored and words that are shown."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from calls.providers import carrier_message
from campaigns.models import PassOverReason


class EndReason(TextChoices):
    """Stored in `Call.end_reason`. `Call.error_code` holds the carrier's own code where there is one."""

    ASSISTANT_ENDED = "assistant_ended", _("The assistant said goodbye")
    PERSON_HUNG_UP = "person_hung_up", _("The person hung up")
    OPTED_OUT = "opted_out", _("The person asked not to be called")
    VOICEMAIL = "voicemail", _("A machine answered")
    SILENCE = "silence", _("Nobody spoke")
    CONVERSATION_FAILED = "conversation_failed", _("The conversation could not go on")
    LONGEST_CALL = "longest_call", _("The longest allowed time was reached")
    BUSY = "busy", _("The line was busy")
    NO_ANSWER = "no_answer", _("Nobody answered")
    STAFF_HUNG_UP = "staff_hung_up", _("Hung up by staff")
    STAFF_CANCELED = "staff_canceled", _("Cancelled by staff")
    RESCHEDULED = "rescheduled", _("Moved to another time")
    CARRIER_REFUSED = "carrier_refused", _("The carrier refused the call")
    CARRIER_BUSY = "carrier_busy", _("The carrier could not take the call now")
    ASKED_TOO_LATE = "asked_too_late", _("The carrier was not asked in time")
    CARRIER_FAILED = "carrier_failed", _("The line failed")
    UNKNOWN_TO_CARRIER = "unknown_to_carrier", _("The carrier never saw this call")
    NO_NEWS = "no_news", _("The carrier reported the end when asked")
    PRACTICE_ONLY = "practice_only", _("Practice campaigns dial only the practice network")
    DNC_LIST_UNREADABLE = "dnc_list_unreadable", _("The do-not-call list cannot be read with the configured keys")


_LABELS: dict[str, str | Promise] = {reason.value: reason.label for reason in (*PassOverReason, *EndReason)}


def label_of(reason: str, error_code: str = "") -> str:
    """A stored reason in the reader's language, the carrier's own first; what is no code of ours is shown as it is."""
    return carrier_message(error_code) or str(_LABELS.get(reason, reason))

"""What the reasons of pending contacts mean to a person who waits for calls, and what can be done."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import PassOverReason

EXPLANATIONS: dict[str, str | Promise] = {
    PassOverReason.CAMPAIGN_NOT_RUNNING: _("Start or resume the campaign and they are called."),
    PassOverReason.NO_VALID_NUMBER: _("Give the contact a number that can be called."),
    PassOverReason.ON_DNC_LIST: _("These people asked not to be called. Nothing will call them."),
    PassOverReason.NO_LEGAL_BASIS: _(
        "They are called once the legal basis that the campaign demands is on record and has begun."
    ),
    PassOverReason.ATTEMPTS_EXHAUSTED: _("They were tried as often as the campaign allows."),
    PassOverReason.NOT_YET_DUE: _("They are called again when the delay after the last attempt is over."),
    PassOverReason.OUTSIDE_WINDOW: _(
        "They are called when the window opens in every time zone they may be in. An unknown time zone never opens."
    ),
    PassOverReason.PUBLIC_HOLIDAY: _("They are called on the next working day."),
    PassOverReason.FREQUENCY_CAP: _("They were called often enough today, by this campaign or another one."),
    PassOverReason.ALREADY_IN_CALL: _("They are called when the other call to this number is over."),
    PassOverReason.BUDGET_REACHED: _("Raise the budget to go on."),
    PassOverReason.NO_CAPACITY: _("They are next, as soon as a line is free."),
    "": _("They have not been looked at yet; the dialer does so every second while the campaign runs."),
}

"""Why the system paused a campaign: stored as a code with its parameters, read in each reader's own language."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Details = Mapping[str, Any]


class PauseReason(TextChoices):
    """Labels take their parameters by name from the details that are stored beside the code."""

    NO_SCRIPT = "no_script", _("Paused: the campaign has no script.")
    NO_CALLER_NUMBER = "no_caller_number", _("Paused: the campaign has no caller number.")
    NO_RULES = "no_rules", _("Paused: the campaign has no calling rules.")
    INVALID_WINDOWS = "invalid_windows", _("Paused: the calling windows make no sense. Correct them to go on.")
    ALWAYS_OPEN = "always_open", _("Paused: only practice campaigns may be always open.")
    PRACTICE_ONLY = (
        "practice_only",
        _("Paused: practice campaigns dial only the practice network, and the carrier is not that."),
    )
    UNKNOWN_ZONE = "unknown_zone", _("Paused: a contact has the unknown time zone “%(zone)s”.")
    DNC_LIST_UNREADABLE = (
        "dnc_list_unreadable",
        _("Paused: the do-not-call list cannot be read with the configured keys."),
    )
    BUDGET_SPENT = "budget_spent", _("Paused: the budget is spent. Raise it to go on.")
    OTHER_CURRENCY = (
        "other_currency",
        _("Paused: the carrier charges in %(charged)s and the budget is in %(budget)s. Change its currency to go on."),
    )
    CARRIER_REFUSED = "carrier_refused", _("Paused: the carrier refused a call in a way that would meet every contact.")
    NEW_DEMONSTRATION = "new_demonstration", _("A new demonstration began.")


_finer_words: dict[str, Callable[[Details], str]] = {}


def register_words(reason: PauseReason, words: Callable[[Details], str]) -> None:
    """For the app that knows more of a reason than we do; empty words leave the label."""
    _finer_words[reason.value] = words


def describe_pause(reason: str, details: Details) -> str:
    """A stored reason in the reader's language; what is no code of ours is shown as it is."""
    if reason not in PauseReason.values:
        return reason
    if reason in _finer_words and (words := _finer_words[reason](details)):
        return words
    return str(PauseReason(reason).label) % dict(details)

"""Whether a running campaign can still dial. What was edited, or imported, since its start may forbid it."""

from django.core.exceptions import ObjectDoesNotExist

from callcenter.practice import is_practice_network
from calls.facts import Candidate
from campaigns.calling_hours import InvalidWindows, validate_windows
from campaigns.models import Campaign
from campaigns.pause_reasons import PauseReason
from contacts.models import Basis


class Unready(Exception):
    """The campaign must be paused; `details` are the parameters of the reason's words."""

    def __init__(self, reason: PauseReason, **details: str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.details = details


def check_campaign(campaign: Campaign, *, has_script: bool, is_dnc_list_readable: bool) -> None:
    """Asked each second, of rows at hand; what is asked of the lists stands in the campaign's own readiness."""
    if not is_dnc_list_readable:
        raise Unready(PauseReason.DNC_LIST_UNREADABLE)
    if not has_script:
        raise Unready(PauseReason.NO_SCRIPT)
    if not campaign.caller_number:
        raise Unready(PauseReason.NO_CALLER_NUMBER)
    _check_hours(campaign)
    if campaign.required_basis == Basis.PRACTICE and not is_practice_network():
        raise Unready(PauseReason.PRACTICE_ONLY)


def check_zones(candidate: Candidate) -> None:
    if candidate.unknown_zone:
        raise Unready(PauseReason.UNKNOWN_ZONE, zone=candidate.unknown_zone)


def _check_hours(campaign: Campaign) -> None:
    try:
        rules = campaign.rules
    except ObjectDoesNotExist as missing:
        raise Unready(PauseReason.NO_RULES) from missing
    if rules.is_always_open:
        if campaign.required_basis != Basis.PRACTICE:
            raise Unready(PauseReason.ALWAYS_OPEN)
        return
    try:
        validate_windows(rules.windows)
    except InvalidWindows as problem:
        raise Unready(PauseReason.INVALID_WINDOWS) from problem

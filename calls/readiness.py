"""Whether a running campaign can still dial. What was edited, or imported, since its start may forbid it."""

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from callcenter.practice import is_practice_network
from calls.facts import Candidate
from campaigns.calling_hours import InvalidWindows, validate_windows
from campaigns.models import Campaign
from contacts.models import Basis


class Unready(Exception):
    """The campaign must be paused; the message is for people."""


def check_campaign(campaign: Campaign, *, has_script: bool, is_dnc_list_readable: bool) -> None:
    """Asked each second, of rows at hand; what is asked of the lists stands in the campaign's own readiness."""
    if not is_dnc_list_readable:
        raise Unready(_("Paused: the do-not-call list cannot be read with the configured keys."))
    if not has_script:
        raise Unready(_("Paused: the campaign has no script."))
    if not campaign.caller_number:
        raise Unready(_("Paused: the campaign has no caller number."))
    _check_hours(campaign)
    if campaign.required_basis == Basis.PRACTICE and not is_practice_network():
        raise Unready(_("Paused: practice campaigns dial only the practice network, and the carrier is not that."))


def check_zones(candidate: Candidate) -> None:
    if candidate.unknown_zone:
        message = _("Paused: a contact has the unknown time zone “%(zone)s”.")
        raise Unready(message % {"zone": candidate.unknown_zone})


def _check_hours(campaign: Campaign) -> None:
    try:
        rules = campaign.rules
    except ObjectDoesNotExist as missing:
        raise Unready(_("Paused: the campaign has no calling rules.")) from missing
    if rules.is_always_open:
        if campaign.required_basis != Basis.PRACTICE:
            raise Unready(_("Paused: only practice campaigns may be always open."))
        return
    try:
        validate_windows(rules.windows)
    except InvalidWindows as problem:
        raise Unready(_("Paused: %(problem)s") % {"problem": problem}) from problem

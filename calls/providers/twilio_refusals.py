"""What each of Twilio's error codes means for a call that we asked for (https://www.twilio.com/docs/api/errors)."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TRIAL_RESTRICTION = 0
"""Trial accounts are refused with HTTP 400 and this code (or none) where a parameter is not open to them."""
NEW_TRIAL_FAMILY = range(573_000, 574_000)
NOT_IN_THAT_STATE = 21220
NOT_FOUND = 20404


class Effect(StrEnum):
    """What follows from a refusal: this attempt is over, it is tried again, or the whole campaign must stop."""

    PERMANENT = "permanent"
    RETRY = "retry"
    STOP_CAMPAIGN = "stop_campaign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Refusal:
    effect: Effect
    message: str | Promise


def _permanent(message: Promise) -> Refusal:
    return Refusal(Effect.PERMANENT, message)


def _retry(message: Promise) -> Refusal:
    return Refusal(Effect.RETRY, message)


def _stop(message: Promise) -> Refusal:
    return Refusal(Effect.STOP_CAMPAIGN, message)


def _unknown(message: Promise) -> Refusal:
    return Refusal(Effect.UNKNOWN, message)


# A refusal that would meet every contact alike (our account, our settings, our caller number) stops the campaign:
# otherwise one mistake would use up the whole list.
REFUSALS: dict[int, Refusal] = {
    TRIAL_RESTRICTION: _stop(_("The carrier's trial account does not allow such calls. Upgrade the account.")),
    10001: _stop(_("The carrier account is not active.")),
    10004: _retry(_("The carrier account has as many calls at once as it may.")),
    20001: _stop(_("The carrier does not know a parameter of the call.")),
    20003: _stop(_("The carrier refused our credentials, or the account may not do this.")),
    20004: _stop(_("The carrier does not allow this method.")),
    20005: _stop(_("The carrier account is suspended.")),
    20404: _stop(_("The carrier does not know this account or address.")),
    20422: _stop(_("The carrier found an invalid value in the call's parameters.")),
    20429: _retry(_("Too many requests at once: the carrier asks for a pause.")),
    20500: _unknown(_("The carrier had an internal error; whether it took the call is being checked.")),
    20503: _unknown(_("The carrier was not available; whether it took the call is being checked.")),
    21201: _permanent(_("The call has no number to dial.")),
    21205: _stop(_("The carrier cannot use our public address. Check PUBLIC_BASE_URL.")),
    21206: _stop(_("The digits to send are invalid.")),
    21208: _stop(_("The ringing time is invalid.")),
    21209: _stop(_("The carrier does not accept the method of our addresses.")),
    21210: _stop(_("The caller number is not verified with the carrier.")),
    21211: _permanent(_("The number is not a valid phone number.")),
    21212: _stop(_("The caller number is not valid.")),
    21213: _stop(_("The campaign has no caller number.")),
    21214: _permanent(_("The number cannot be reached.")),
    21215: _stop(
        _("Calls to this country or range are switched off in the carrier account. Ask an administrator to allow them.")
    ),
    21216: _permanent(_("The carrier does not allow calls to this number.")),
    21217: _permanent(_("The number does not appear to be a valid phone number.")),
    21218: _stop(_("The carrier does not know the application of the call.")),
    21219: _permanent(_("A trial account may only call numbers that were verified with the carrier.")),
    21220: _permanent(_("The call has ended already.")),
    21262: _stop(_("Machine detection has no address to report to.")),
    21263: _stop(_("A setting of the machine detection is invalid.")),
    21264: _permanent(_("A trial account may not call this number.")),
    21610: _permanent(_("The person has opted out of messages from this number.")),
    22005: _retry(_("The carrier's queue holds more calls than it can start in a day.")),
    32014: _permanent(_("There was no sound on the line.")),
    32015: _permanent(_("The call reached the longest time that the carrier allows.")),
    32016: _permanent(_("Nothing rang within a minute of dialling.")),
    32017: _permanent(_("A carrier on the way blocked the caller number.")),
    13221: _permanent(_("The number to connect to is invalid.")),
    13222: _permanent(_("The number to connect to has an invalid form.")),
    13223: _permanent(_("The number to connect to is not written as the carrier wants it.")),
    13224: _permanent(_("The number to connect to is not supported.")),
    13225: _permanent(_("The number to connect to is blocked.")),
    13226: _permanent(_("The number to connect to has an invalid country code.")),
    13227: _permanent(_("Connecting to this country is switched off in the carrier account.")),
}

_TRIAL_FAMILY = _permanent(_("A trial account may not make this call: the recipient must be verified first."))
_TOO_MANY = REFUSALS[20429]
# Not the carrier's own words: a wrong base address or a proxy on the way answers every call like this.
_NOT_ITS_OWN = _stop(_("What answered was not the carrier. Check TWILIO_BASE_URL and the proxies on the way."))
_REFUSED = _permanent(_("The carrier refused the call."))
_FAILED = _unknown(_("The carrier failed; whether it took the call is being checked."))


def refusal_of(*, code: int | None, http_status: int) -> Refusal:
    """The meaning of an error by its code, else by its HTTP status, which the SDK takes for the code of one without."""
    if code in REFUSALS:
        return REFUSALS[code]
    if code in NEW_TRIAL_FAMILY:
        return _TRIAL_FAMILY
    if http_status == 429:
        return _TOO_MANY
    if http_status in (401, 403):
        return REFUSALS[20003]
    if http_status >= 500 or http_status == 408:
        return _FAILED
    return _NOT_ITS_OWN if code in (None, http_status) else _REFUSED


def message_of(code: str) -> str:
    """What an error code stored with a call means, in the reader's language; nothing for codes we do not know."""
    if not code.isdigit():
        return ""
    if 400 <= int(code) < 500:
        return str(refusal_of(code=None, http_status=int(code)).message)
    refusal = REFUSALS.get(int(code))
    return str(refusal.message) if refusal else ""

"""Twilio's test credentials: magic numbers answer as they are told, and nothing is dialled."""

from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import CallRequest
from simulator.twilio.errors import TwilioError

VALID_CALLER, INVALID_CALLER = "+15005550006", "+15005550001"
REFUSALS = {"+15005550001": 21217, "+15005550002": 21214, "+15005550003": 21215, "+15005550004": 21216}


def practise_call(request: CallRequest, account_sid: str) -> CallRecord:
    """The call exists in the answer only; any caller but the magic one is unverified."""
    if request.from_ != VALID_CALLER:
        raise TwilioError(21212 if request.from_ == INVALID_CALLER else 21210)
    if request.to in REFUSALS:
        raise TwilioError(REFUSALS[request.to])
    return CallRecord(account_sid, request.to, request.from_, "nobody", 1)

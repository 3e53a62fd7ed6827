"""The form fields of Twilio's webhooks (https://www.twilio.com/docs/voice/twiml#request-parameters)."""

from email.utils import format_datetime

from simulator.twilio.call_record import API_VERSION, CallRecord, utc_now

COUNTRIES = {"+34": "ES", "+52": "MX", "+1": "US"}
PLACES = ("City", "State", "Zip", "Country")


def voice_fields(call: CallRecord) -> dict[str, str]:
    """Unknown places are sent empty, and empty fields take part in the signature."""
    fields = {
        "AccountSid": call.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Called": call.to,
        "Caller": call.from_,
        "Direction": call.direction,
        "From": call.from_,
        "To": call.to,
    }
    if call.parent_call_sid:
        fields["ParentCallSid"] = call.parent_call_sid
    for side, number in {"To": call.to, "Called": call.to, "From": call.from_, "Caller": call.from_}.items():
        fields |= {f"{side}{place}": "" for place in PLACES} | {f"{side}Country": country_of(number)}
    return fields


def country_of(number: str) -> str:
    return next((country for prefix, country in COUNTRIES.items() if number.startswith(prefix)), "")


def progress_fields(call: CallRecord, *, status: str, sequence: int) -> dict[str, str]:
    fields = voice_fields(call) | {
        "CallStatus": status,
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
        "Timestamp": format_datetime(utc_now()),
    }
    if status in ("ringing", "in-progress"):
        fields["StirStatus"] = "B"
    if call.is_final and call.status == status:
        fields |= final_fields(call)
    return fields


def final_fields(call: CallRecord) -> dict[str, str]:
    """CallDuration is seconds, Duration started minutes."""
    seconds = call.duration_seconds or 0
    fields = {
        "CallDuration": str(seconds),
        "Duration": str(-(-seconds // 60)),
        "SipResponseCode": str(call.sip_code),
    }
    if call.answered_by:
        fields["AnsweredBy"] = call.answered_by
    return fields

"""Posts what the carrier posts, really signed, as it would arrive at the web door."""

from typing import Any

from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

from calls.addresses import webhook_url
from calls.models import Call

FOREIGN_ACCOUNT = "AC" + "9" * 32


def carrier_form(call: Call, **fields: str) -> dict[str, Any]:
    """What every webhook of a call carries; empty fields are sent and signed too."""
    return {
        "CallSid": call.carrier_sid or f"CA{call.pk.hex}",
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "From": call.from_number,
        "To": call.to_number,
        "Direction": "outbound-api",
        "ApiVersion": "2010-04-01",
        "FromCity": "",
    } | fields


def post_webhook(
    client: Client, call: Call, name: str, form: dict[str, str] | None = None, *, token: str = "", url: str = ""
) -> Any:
    """POST `form` (completed with the usual fields) to the call's address `name`, signed with `token`."""
    url = url or webhook_url(call.pk, *name.split("/"))
    fields = carrier_form(call, **(form or {}))
    signature = RequestValidator(token or settings.TWILIO_AUTH_TOKEN).compute_signature(url, fields)
    path = url.removeprefix(settings.PUBLIC_BASE_URL)
    return client.post(path, fields, headers={"X-Twilio-Signature": signature})

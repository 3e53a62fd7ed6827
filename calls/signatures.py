"""Proof that a request comes from the carrier and means this call: its signature, and a secret in the path."""

import hashlib
import hmac
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from twilio.request_validator import RequestValidator


def call_secret(call_id: UUID) -> str:
    """The part of a call's addresses that cannot be guessed; computed, so that no door needs the database for it."""
    message = b"call:" + UUID(str(call_id)).bytes
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:32]


def secret_matches(call_id: UUID, secret: str) -> bool:
    return hmac.compare_digest(call_secret(call_id).encode(), secret.encode())


def signed_by_carrier(request: HttpRequest) -> bool:
    """Whether a form POST was signed with our account's token, for our public address, by our account."""
    url = settings.PUBLIC_BASE_URL + request.get_full_path()
    signature = request.headers.get("X-Twilio-Signature", "")
    is_ours = request.POST.get("AccountSid") == settings.TWILIO_ACCOUNT_SID
    return is_ours and signature_fits(url=url, form=request.POST, signature=signature)


def signature_fits(*, url: str, form: Mapping[str, str], signature: str) -> bool:
    """The vendor's own validator; an empty signature never fits. WebSocket handshakes sign the `wss` URL, no form."""
    if not signature or not settings.TWILIO_AUTH_TOKEN:
        return False
    return bool(RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(url, form, signature))

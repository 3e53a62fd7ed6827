"""Phone numbers: reading what people write, showing them, hashing and masking them, and where they ring."""

import hashlib
import hmac
from dataclasses import dataclass

import phonenumbers
from django.conf import settings
from phonenumbers import timezone as number_zones


class NotANumber(ValueError):
    """What stands there is no phone number that can be called; `code` tells why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    e164: str
    country: str
    kind: str
    time_zones: tuple[str, ...]


def number_hash(e164: str) -> str:
    """The keyed hash under which the do-not-call list knows a number."""
    return hmac.new(settings.SECRET_KEY.encode(), e164.encode(), hashlib.sha256).hexdigest()


def time_zones_of(e164: str) -> tuple[str, ...]:
    """Every zone the number may ring in; a call must be allowed in all of them."""
    return tuple(number_zones.time_zones_for_number(phonenumbers.parse(e164)))

"""The keyed hash under which a number is known where the number itself need not be kept.

The keys are apart from `SECRET_KEY`, which may be changed at any time. What was hashed with an earlier key cannot be
hashed anew once its number is erased, so each look-up asks for the hashes under every key that is configured.
"""

import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

FINGERPRINT_OF = "the key itself"
"""Hashed in place of a number, so that no fingerprint is the hash of one."""


def number_hash(e164: str) -> str:
    """The hash that is stored: under the key of today."""
    return _keyed(settings.NUMBER_HASH_KEY, e164)


def numbers_by_hash(numbers: Iterable[str]) -> dict[str, str]:
    """Every hash under which one of the numbers may be stored, with that number."""
    keys = _keys()
    return {_keyed(key, e164): e164 for e164 in numbers for key in keys}


def fingerprint(key: str) -> str:
    """By this a key is recognised that nobody may store."""
    return _keyed(key, FINGERPRINT_OF)


def configured_fingerprints() -> set[str]:
    return {fingerprint(key) for key in _keys()}


def _keys() -> list[str]:
    return [settings.NUMBER_HASH_KEY, *settings.NUMBER_HASH_PREVIOUS_KEYS]


def _keyed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()

"""The vendors behind three doors: the settings name each class by its dotted path.

One instance a process, made when first asked for, so that a forked worker opens its own connections.
"""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from calls.providers.base import LanguageModel, Speech, Telephony


@cache
def telephony() -> Telephony:
    return import_string(settings.TELEPHONY_PROVIDER)()


@cache
def speech() -> Speech:
    return import_string(settings.SPEECH_PROVIDER)()


@cache
def language_model() -> LanguageModel:
    return import_string(settings.LANGUAGE_MODEL_PROVIDER)()


def carrier_message(code: str) -> str:
    """What an error code that the carrier gave means, in the reader's language; nothing for codes we do not know."""
    from calls.providers.twilio_refusals import message_of

    return message_of(code)

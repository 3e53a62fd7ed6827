"""What the attributes of <ConversationRelay> may hold.

https://www.twilio.com/docs/voice/conversationrelay/conversationrelay-noun
"""

import re
from collections.abc import Callable, Mapping

Check = Callable[[str], bool]
"""Whether a value may stand there."""

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?|multi")
INPUTS = ("none", "dtmf", "speech", "any")
OLD_INPUTS = {"true": "any", "false": "none"}
"""Documents written before these attributes had four values; Twilio still takes them."""


def one_of(*values: str) -> Check:
    return lambda text: text.lower() in values


def words_of(*values: str) -> Check:
    return lambda text: set(text.split()) <= set(values)


def between(low: float, high: float, *, or_word: str = "") -> Check:
    def fits(text: str) -> bool:
        if or_word and text == or_word:
            return True
        return bool(re.fullmatch(r"\d+(\.\d+)?", text)) and low <= float(text) <= high

    return fits


def language(text: str) -> bool:
    return bool(LANGUAGE.fullmatch(text))


def anything(text: str) -> bool:
    return True


def something(text: str) -> bool:
    return bool(text.strip())


flag = one_of("true", "false")
inputs = one_of(*INPUTS, *OLD_INPUTS)
events = words_of("speaker-events", "tokens-played", "config-updated", "debugging")
normalization = one_of("on", "off", "auto")

CHECKS: dict[str, Check] = {
    "url": something,
    "welcomeGreeting": anything,
    "welcomeGreetingInterruptible": inputs,
    "language": language,
    "ttsLanguage": language,
    "transcriptionLanguage": language,
    "ttsProvider": one_of("elevenlabs", "google", "amazon"),
    "voice": something,
    "transcriptionProvider": one_of("deepgram", "google"),
    "speechModel": something,
    "speechTimeout": between(600, 5000, or_word="auto"),
    "interruptible": inputs,
    "interruptSensitivity": one_of("high", "medium", "low"),
    "ignoreBackchannel": flag,
    "reportInputDuringAgentSpeech": inputs,
    "preemptible": flag,
    "partialPrompts": flag,
    "partialPromptOnHangup": flag,
    "dtmfDetection": flag,
    "hints": anything,
    "profanityFilter": flag,
    "elevenlabsTextNormalization": normalization,
    "ttsTextNormalization": normalization,
    "deepgramSmartFormat": flag,
    "asrSmartFormat": flag,
    "eotThreshold": between(0.5, 0.9),
    "eagerEotThreshold": between(0.3, 0.9),
    "events": events,
    "debug": events,
    "applicationReconnect": flag,
    "includeInPrompt": words_of("turn-state", "prompt-segments"),
    "backgroundNoiseReduction": anything,
    "echoPromptFiltering": anything,
    "turnDetection": anything,
    "intelligenceService": something,
    "conversationConfiguration": anything,
    "customerName": anything,
}
LANGUAGE_CHECKS: dict[str, Check] = {
    "code": language,
    **{name: CHECKS[name] for name in ("ttsProvider", "voice", "transcriptionProvider", "speechModel", "hints")},
}
CHILDREN = ("Language", "Parameter", "Failover")


def wrong_values(attributes: Mapping[str, str], checks: Mapping[str, Check]) -> list[str]:
    known = {name: value for name, value in attributes.items() if name in checks}
    return [f"{name}={value!r}" for name, value in known.items() if not checks[name](value)]


def unknown_names(attributes: Mapping[str, str], checks: Mapping[str, Check]) -> list[str]:
    """Twilio passes over what it does not know, with a warning."""
    return [name for name in attributes if name not in checks]

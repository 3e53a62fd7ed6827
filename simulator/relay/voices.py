"""Which voices and recognition models go with which provider."""

import re

from simulator.relay.failure import RelayFailed

ELEVENLABS = re.compile(
    r"[A-Za-z0-9]{20}"
    r"(-(flash_v2_5|flash_v2|turbo_v2_5|turbo_v2|v4_turbo|turbo_v4|multilingual_v2))?"
    r"(-(?P<speed>\d(\.\d+)?)_(?P<stability>[01](\.\d+)?)_(?P<similarity>[01](\.\d+)?))?"
)
"""VOICEID[-MODEL][-SPEED_STABILITY_SIMILARITY]: an identifier of the voice library, never a name."""
SLOWEST, FASTEST = 0.7, 1.2
GOOGLE = re.compile(r"(?P<language>[a-z]{2,3}-[A-Z]{2})-[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
AMAZON = re.compile(r"[A-Z][a-zé]+(-(Standard|Neural|Long-Form|Generative))?")
MODELS = {
    "deepgram": re.compile(r"nova-[23](-[a-z]+)*|flux(-[a-z]+)*|base(-[a-z]+)?|enhanced(-[a-z]+)?"),
    "google": re.compile(r"telephony(_short)?|long|short|latest_long|latest_short|default|phone_call|chirp(_\w+)?"),
}


def check_voice(provider: str, voice: str, language: str) -> None:
    """Raises RelayFailed: 64101 for another provider's voice, 64106 for one that speaks another language."""
    if not is_voice_of(provider.lower(), voice):
        raise RelayFailed(64101, f"voice={voice!r} is no voice of ttsProvider={provider!r}")
    own = GOOGLE.fullmatch(voice) if provider.lower() == "google" else None
    if own and own["language"] != language:
        raise RelayFailed(64106, f"voice={voice!r} does not speak {language}")


def is_voice_of(provider: str, voice: str) -> bool:
    if provider == "elevenlabs":
        return is_elevenlabs_voice(voice)
    return bool((GOOGLE if provider == "google" else AMAZON).fullmatch(voice))


def is_elevenlabs_voice(voice: str) -> bool:
    found = ELEVENLABS.fullmatch(voice)
    if found is None:
        return False
    if found["speed"] is None:
        return True
    return SLOWEST <= float(found["speed"]) <= FASTEST and float(found["stability"]) <= 1 >= float(found["similarity"])


def check_model(provider: str, model: str) -> None:
    if not MODELS[provider.lower()].fullmatch(model):
        raise RelayFailed(64101, f"speechModel={model!r} is no model of transcriptionProvider={provider!r}")


def identity_of(voice: str) -> str:
    """What makes the voice: one identifier sounds alike with every model and setting."""
    found = ELEVENLABS.fullmatch(voice)
    return voice[:20] if found else voice

"""The attributes of <Gather>, and what Twilio says of wrong ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from simulator.handset.schema import PROMPTS
from simulator.handset.twiml import is_true, read_seconds

AUTOMATIC_PAUSE_SECONDS = 0.8
DEFAULT_TIMEOUT_SECONDS = 5.0
LONGEST_SPEECH_SECONDS = 60.0
MOST_HINTS, LONGEST_HINT = 500, 100
SPEECH_MODELS = {
    *("default", "numbers_and_commands", "phone_call", "experimental_conversations", "experimental_utterances"),
    *("googlev2_telephony", "googlev2_telephony_short", "googlev2_short", "googlev2_long"),
    *("deepgram_nova-2", "deepgram_nova-2-general", "deepgram_nova-2-phonecall"),
    *("deepgram_nova-3", "deepgram_nova-3-general"),
}
SPECIFIC_MODEL = ("googlev2", "deepgram")
LANGUAGE_CODES = (
    "af am ar az bg bn bs ca cmn cs da de el en es et eu fa fi fil fr gl gu he hi hr hu hy id is it ja jv ka kk km kn "
    "ko lo lt lv mk ml mn mr ms multi my nb ne nl no pa pl pt ro ru si sk sl sq sr su sv sw ta te th tr uk ur uz vi "
    "yue zh zu"
)
LANGUAGES = frozenset(LANGUAGE_CODES.split())
LANGUAGE_TAG = re.compile(r"([a-z]{2,5})(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")


@dataclass(frozen=True)
class GatherSettings:
    hears_speech: bool
    hears_keys: bool
    barge_in: bool
    timeout: float
    speech_pause: float
    longest_speech: float
    number_of_digits: int
    finish_on_key: str
    language: str
    prompts: tuple[ElementTree.Element, ...] = ()


def read_gather(verb: ElementTree.Element) -> GatherSettings:
    """Without speechTimeout the pause that ends speech is as long as the timeout."""
    inputs = verb.get("input", "dtmf").split()
    timeout = read_seconds(verb, "timeout", DEFAULT_TIMEOUT_SECONDS)
    is_automatic = verb.get("speechTimeout") == "auto"
    return GatherSettings(
        hears_speech="speech" in inputs,
        hears_keys="dtmf" in inputs or "speech" not in inputs,
        barge_in=is_true(verb, "bargeIn", default=True),
        timeout=timeout,
        speech_pause=AUTOMATIC_PAUSE_SECONDS if is_automatic else read_seconds(verb, "speechTimeout", timeout),
        longest_speech=read_seconds(verb, "maxSpeechTime", LONGEST_SPEECH_SECONDS),
        number_of_digits=int(read_seconds(verb, "numDigits", 0)),
        finish_on_key=verb.get("finishOnKey", "#"),
        language=verb.get("language", "en-US"),
        prompts=tuple(child for child in verb if child.tag in PROMPTS),
    )


def gather_warnings(verb: ElementTree.Element) -> Iterator[str]:
    """What the schema alone cannot see: https://www.twilio.com/docs/voice/twiml/gather."""
    language, model, hints = verb.get("language", "en-US"), verb.get("speechModel"), verb.get("hints", "")
    if not is_language(language):
        yield f'13331 Gather language="{language}" is not known'
    if model is not None and model not in SPEECH_MODELS:
        code = 13343 if model.startswith(SPECIFIC_MODEL) else 13334
        yield f'{code} Gather speechModel="{model}" is not known'
    if model is not None and verb.get("speechTimeout") == "auto":
        yield '13335 Gather speechTimeout="auto" cannot be used with a speechModel'
    phrases = [phrase.strip() for phrase in hints.split(",")]
    if len(phrases) > MOST_HINTS or any(len(phrase) > LONGEST_HINT for phrase in phrases):
        yield f"13330 Gather hints: at most {MOST_HINTS} phrases of {LONGEST_HINT} characters"


def is_language(text: str) -> bool:
    match = LANGUAGE_TAG.fullmatch(text)
    return match is not None and match[1] in LANGUAGES

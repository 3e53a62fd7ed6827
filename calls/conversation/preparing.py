"""The fixed words of a campaign are made before its first call, so that nobody waits for them on the telephone."""

from collections.abc import Iterable

import structlog
from redis.exceptions import RedisError

from calls import speech_cache
from calls.conversation import dispatch
from calls.conversation.lines import Line, line
from calls.conversation.opening import fixed_sentences
from calls.conversation.speech_text import SentenceSplitter, plain
from calls.conversation.voicemail import voicemail_sentences
from calls.providers.base import ProviderError
from calls.speech_cache import Sentence
from campaigns.models import CampaignStatus, Script, Transport

LINES_OF_A_TURN = [
    Line.STILL_THERE,
    Line.NOBODY_THERE,
    Line.NOT_UNDERSTOOD,
    Line.IS_MACHINE,
    Line.OPTED_OUT,
    Line.TROUBLE,
]
Prepared = tuple[int, str, str]
"""A version of a script with what else decides its fixed words: recording and transport of its campaign."""

log = structlog.get_logger(__name__)


def prepare_speech(asked: set[Prepared]) -> None:
    """Ask once for the fixed words of each running campaign, and again when its script changes.

    `asked` is what this process has asked for. What is kept already is not made again, so asking twice is harmless.
    """
    scripts = Script.objects.filter(campaign__status=CampaignStatus.RUNNING)
    newest = scripts.order_by("campaign_id", "-version").distinct("campaign_id")
    for wanted in newest.values_list("pk", "campaign__recording", "campaign__transport"):
        if wanted not in asked:
            try:
                dispatch.ask_for_fixed_clips(script_id=wanted[0])
            except RedisError as error:
                log.warning("speech_not_prepared", script=wanted[0], error=type(error).__name__)
                return
            asked.add(wanted)


def make_fixed_clips(*, script_id: int) -> None:
    """Make what is missing; where the voice fails, the calls themselves ask again."""
    script = Script.objects.select_related("campaign").filter(pk=script_id).first()
    if script is None:
        return
    sentences = [
        Sentence(text, voice=script.voice, language=script.language, is_fixed=True) for text in fixed_words(script)
    ]
    kept = speech_cache.cached_keys(sentences)
    try:
        for sentence in sentences:
            if sentence.key not in kept:
                speech_cache.render(sentence)
    except ProviderError as error:
        log.warning("voice_failed", script=script_id, code=error.code)


def fixed_words(script: Script) -> list[str]:
    """In the order in which a call may need them, each as it is spoken: whole, or over `gather` cut into sentences."""
    whole = [*fixed_sentences(script, script.campaign), *_opening_without_name(script)]
    whole += [line(Line.OPTED_OUT, script.language), *voicemail_sentences(script)]
    cut = _of_turns(script) if script.campaign.transport == Transport.GATHER else []
    return list(dict.fromkeys([*whole, *cut]))


def _opening_without_name(script: Script) -> list[str]:
    return [script.opening.strip()] if script.opening.strip() and "{name}" not in script.opening else []


def _of_turns(script: Script) -> Iterable[str]:
    farewell = script.farewell or line(Line.FAREWELL, script.language)
    for text in (*(line(name, script.language) for name in LINES_OF_A_TURN), farewell):
        splitter = SentenceSplitter()
        yield from (sentence for sentence in (*splitter.feed(plain(text)), splitter.rest()) if sentence)

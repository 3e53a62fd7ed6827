"""Speaking fixed sentences into the speech cache, and the missing ones of an opening while the call begins."""

from uuid import UUID

import structlog

from calls import speech_cache
from calls.conversation.facts import facts_of
from calls.providers.base import ProviderError
from calls.speech_cache import Sentence
from calls.turn_stream import TurnWriter

log = structlog.get_logger(__name__)


def speak_opening(*, call_id: UUID | str, texts: list[str]) -> None:
    """Publish these sentences as the clips of turn 0, in order. Where the voice fails, the next step says the rest."""
    facts = facts_of(call_id)
    if facts is None:
        return
    writer = TurnWriter(call_id=call_id, sequence=0, attempt=1)
    writer.started()
    try:
        for text in texts:
            sentence = Sentence(text, voice=facts.voice, language=facts.language, is_fixed=text != facts.greeting)
            writer.clip(sentence.key, speech_cache.render(sentence))
    except ProviderError as error:
        log.warning("voice_failed", call=str(call_id), code=error.code)
    finally:
        writer.done()


def make_clips(*, call_id: UUID | str, texts: list[str]) -> None:
    """Fixed sentences in the call's voice, for the calls to come."""
    facts = facts_of(call_id)
    if facts is None:
        return
    for text in texts:
        speech_cache.render(Sentence(text, voice=facts.voice, language=facts.language, is_fixed=True))

"""The instructions we give the carrier, each a small document of its language."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from twilio.twiml.voice_response import Connect, Gather, Start, VoiceResponse

from calls import speech_cache
from calls.addresses import clip_url, fixed_clip_url, relay_url, webhook_url
from calls.models import Call
from calls.speech_cache import Sentence
from campaigns.models import RecordingMode

SENTENCES_A_TURN = 5
"""Clips announced for each turn of `gather`; the last one carries whatever more the assistant says."""
KEY_SECONDS = 1
"""How long after the opening a key still counts, in which the carrier does not listen to words."""
SAY_VOICES = {"es-ES": "Polly.Lucia-Neural", "es-MX": "Polly.Mia-Neural", "es-US": "Polly.Lupe-Neural"}
"""Voices of the carrier's own, for when ours fails; other languages use the carrier's default."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to be heard: a clip's address, or words for the carrier's own voice."""

    clip: str = ""
    words: str = ""


def prompts_for(call: Call, sentences: Iterable[Sentence]) -> tuple[list[Prompt], list[Sentence]]:
    """Prompts for sentences, and those that must be made first: their addresses wait at the sockets door (turn 0)."""
    wanted = list(sentences)
    cached = speech_cache.cached_keys(wanted)
    missing = [sentence for sentence in wanted if sentence.key not in cached]
    return [_prompt(call, sentence, missing) for sentence in wanted], missing


def _prompt(call: Call, sentence: Sentence, missing: list[Sentence]) -> Prompt:
    if sentence in missing:
        return Prompt(clip=clip_url(call.pk, 0, missing.index(sentence) + 1))
    return Prompt(clip=fixed_clip_url(call.pk, sentence.key))


def opening(call: Call, prompts: Iterable[Prompt], *, then: str = "opening") -> str:
    """The fixed words, in which a key is heard from the first second; then the webhook of that name."""
    response = VoiceResponse()
    if call.campaign.recording != RecordingMode.OFF:
        response.append(_recording(call))
    return _hear_key(response, call, prompts, then=then)


def opening_in_words(call: Call, texts: Iterable[str]) -> str:
    """What our voice could not say of the opening, in the carrier's own; then the webhook `opened`."""
    return _hear_key(VoiceResponse(), call, [Prompt(words=text) for text in texts], then="opened")


def opening_again(call: Call, prompts: Iterable[Prompt]) -> str:
    """The fixed words once more, which no key cuts: who calls must have been heard. Then the webhook `disclosed`."""
    response = VoiceResponse()
    _add(response, prompts, call.script.language)
    response.redirect(webhook_url(call.pk, "disclosed"))
    return str(response)


def _hear_key(response: VoiceResponse, call: Call, prompts: Iterable[Prompt], *, then: str) -> str:
    address = webhook_url(call.pk, then)
    gather = Gather(
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=KEY_SECONDS,
        action=address,
        action_on_empty_result=True,
    )
    _add(gather, prompts, call.script.language)
    response.append(gather)
    response.redirect(address)
    return str(response)


def _recording(call: Call) -> Start:
    """Recording must begin before the relay: asked for at the call's creation it would be ignored there."""
    start = Start()
    start.recording(
        channels="dual",
        track="both",
        recording_status_callback=webhook_url(call.pk, "recording"),
        recording_status_callback_event="completed absent",
    )
    return start


def relay(call: Call, *, sequence: int, resumes: str = "", greeting: str = "") -> str:
    """Hand the call over to the sockets door; all that it must know comes with it as parameters."""
    script, campaign = call.script, call.campaign
    connect = Connect(action=webhook_url(call.pk, "relay-ended"))
    session = connect.conversation_relay(
        url=relay_url(call.pk),
        language=script.language,
        tts_provider="ElevenLabs",
        voice=f"{script.voice or settings.ELEVENLABS_VOICE}-{settings.ELEVENLABS_MODEL.removeprefix('eleven_')}",
        interruptible="any",
        dtmf_detection=True,
        events="speaker-events",
        welcome_greeting=greeting or None,
    )
    parameters = {
        "call_id": str(call.pk),
        "language": script.language,
        "silence_seconds": str(campaign.silence_seconds),
        "sequence": str(sequence),
        "resumes": resumes,
    }
    for name, value in parameters.items():
        session.parameter(name=name, value=value)
    response = VoiceResponse()
    response.append(connect)
    return str(response)


def listen(call: Call, *, sequence: int, prompts: Iterable[Prompt]) -> str:
    """Play the prompts, which speech or a key may cut, and send what is heard to turn `sequence`."""
    gather = Gather(
        input="speech dtmf",
        num_digits=1,
        finish_on_key="",
        language=call.script.language,
        speech_timeout="auto",
        timeout=call.campaign.silence_seconds,
        action=webhook_url(call.pk, "gather", sequence),
        action_on_empty_result=True,
    )
    _add(gather, prompts, call.script.language)
    response = VoiceResponse()
    response.append(gather)
    response.redirect(webhook_url(call.pk, "gather", sequence))
    return str(response)


def turn_prompts(call: Call, sequence: int) -> list[Prompt]:
    """The sentences of a turn that is being thought of; each address waits for its sentence."""
    return [Prompt(clip=clip_url(call.pk, sequence, position)) for position in range(1, SENTENCES_A_TURN + 1)]


def farewell(prompts: Iterable[Prompt], language: str) -> str:
    """Say this, then hang up."""
    response = VoiceResponse()
    _add(response, prompts, language)
    response.hangup()
    return str(response)


def _add(verb: VoiceResponse | Gather, prompts: Iterable[Prompt], language: str) -> None:
    for prompt in prompts:
        if prompt.clip:
            verb.play(prompt.clip)
        else:
            verb.say(prompt.words, language=language, voice=SAY_VOICES.get(language))

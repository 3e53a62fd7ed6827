"""What the carrier asks while a person is on the line: how the call begins, goes on and ends."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpResponse, QueryDict
from redis.exceptions import RedisError

from callcenter import clock
from calls import twiml
from calls.conversation import dispatch, records
from calls.conversation.facts import remember_facts
from calls.conversation.heard import OPT_OUT_KEY, key_press
from calls.conversation.lines import Line, line
from calls.conversation.opening import fixed_sentences, opening_sentences
from calls.conversation.opt_out import asks_to_opt_out, refuses_calls
from calls.conversation.rescue import obey_wish
from calls.conversation.voicemail import voicemail_sentences
from calls.end_reasons import EndReason
from calls.models import Call, CallStatus, Turn, TurnKind, TurnStatus
from calls.services import keep_wish, note_why_ending, opt_out, record_status, settle_disposition
from calls.services.moving import record_event
from calls.services.progress import StatusNews
from calls.speech_cache import Sentence, cached_keys
from calls.turn_stream import cancel_now
from calls.twiml import Prompt
from calls.webhooks.doors import carrier_webhook, nothing_more, twiml_response
from campaigns.models import Disposition, Transport

SOURCE = "conversation"
RECONNECTIONS = 2
SOCKET_LOST = {"64102", "64105"}
"""Could not connect, and connection ended: another socket may do better."""

log = structlog.get_logger(__name__)


def note_wish(call: Call, form: QueryDict) -> None:
    """Whoever asked, by key or in words, not to be called again is on the list even if nothing else can be done."""
    if wish := _wish_in(form):
        keep_wish(call=call, wording=wish, source=SOURCE)


def _wish_in(form: QueryDict) -> str:
    """How the person put it, or nothing."""
    key = key_press(OPT_OUT_KEY) if form.get("Digits") == OPT_OUT_KEY else ""
    said = (key, form.get("SpeechResult", "").strip(), _wish_handed_over(form.get("HandoffData", "")))
    return next((wish for wish in said if refuses_calls(wish)), "")


@carrier_webhook("voice", key=lambda form: "answered")
def voice(call: Call, form: QueryDict) -> HttpResponse:
    """Somebody or something picked up."""
    record_status(call=call, news=StatusNews(CallStatus.IN_PROGRESS), source="carrier")
    if call.is_terminal or call.hang_up_asked_at:
        return nothing_more()
    facts = remember_facts(call)
    records.add_turn(call_id=call.pk, sequence=0, said=facts.already_said, kind=TurnKind.OPENING)
    fixed, personal = _fixed_opening(call), _personal_opening(call)
    played_now = fixed if call.transport == Transport.GATHER else [*fixed, personal]
    prompts, missing = twiml.prompts_for(call, [*fixed, personal])
    if missing and not _asked(dispatch.ask_for_opening, call, texts=[sentence.text for sentence in missing]):
        in_words = [Prompt(words=sentence.text) for sentence in fixed]
        return twiml_response(twiml.opening(call, in_words, then="opened"))
    return twiml_response(twiml.opening(call, prompts[: len(played_now)]))


@carrier_webhook("opening", key=lambda form: form.get("Digits", ""), beforehand=note_wish)
def opening(call: Call, form: QueryDict) -> HttpResponse:
    """The fixed words were played, or a key cut them short. What our voice could not say, the carrier's says now."""
    if form.get("Digits") == OPT_OUT_KEY:
        return _opt_out_by_key(call, sequence=1)
    fixed = _fixed_opening(call)
    made = cached_keys(fixed)
    if form.get("Digits") and len(made) == len(fixed):
        return twiml_response(twiml.opening_again(call, twiml.prompts_for(call, fixed)[0]))
    if unspoken := [sentence.text for sentence in fixed if sentence.key not in made]:
        return twiml_response(twiml.opening_in_words(call, unspoken))
    return _begin_conversation(call)


@carrier_webhook("opened", key=lambda form: form.get("Digits", ""), beforehand=note_wish)
def opened(call: Call, form: QueryDict) -> HttpResponse:
    """The carrier's own voice has spoken the fixed words, or a key cut it short."""
    if form.get("Digits") == OPT_OUT_KEY:
        return _opt_out_by_key(call, sequence=1)
    if form.get("Digits"):
        words = [Prompt(words=sentence.text) for sentence in _fixed_opening(call)]
        return twiml_response(twiml.opening_again(call, words))
    return _begin_conversation(call)


@carrier_webhook("disclosed", key=lambda form: "disclosed")
def disclosed(call: Call, form: QueryDict) -> HttpResponse:
    """The fixed words that a key had cut short were played to their end."""
    return _begin_conversation(call)


def _begin_conversation(call: Call) -> HttpResponse:
    """Everything that the law wants to be said was said."""
    if call.disclosed_at is None:
        call.disclosed_at = clock.now()
        call.save(update_fields=["disclosed_at"])
    personal = _personal_opening(call)
    was_made = bool(cached_keys([personal]))
    if call.transport == Transport.RELAY:
        return twiml_response(twiml.relay(call, sequence=0, greeting="" if was_made else personal.text))
    prompts, _ = twiml.prompts_for(call, [personal])
    return twiml_response(
        twiml.listen(call, sequence=1, prompts=prompts if was_made else [Prompt(words=personal.text)])
    )


@carrier_webhook("relay-ended", key=lambda form: form.get("SessionId", ""), beforehand=note_wish)
def relay_ended(call: Call, form: QueryDict) -> HttpResponse:
    """The socket is closed: by the person's or our own end of the call, or because it was lost."""
    if refuses_calls(wish := _wish_handed_over(form.get("HandoffData", ""))):
        obey_wish(call_id=call.pk, wording=wish)
        call.refresh_from_db()
    is_live = form.get("CallStatus") == "in-progress" and not call.is_terminal
    if not is_live or form.get("SessionStatus") != "failed":
        return twiml_response(twiml.farewell([], call.script.language))
    code = form.get("ErrorCode", "")
    record_event(call, "relay_lost", source="carrier", data={"code": code[:16]})
    if code in SOCKET_LOST and call.events.filter(kind="relay_lost").count() <= RECONNECTIONS:
        return twiml_response(_resume(call))
    return _apologise(call)


def _wish_handed_over(handoff: str) -> str:
    """What our sockets door sent with the session's end; whatever else is there says nothing."""
    try:
        return str(json.loads(handoff)["wish"])
    except (ValueError, KeyError, TypeError):
        return ""


def _resume(call: Call) -> str:
    """A new socket goes on with the last turn, or asks the person to say it again."""
    last = Turn.objects.filter(call=call).order_by("-sequence").first()
    if last is not None and last.status == TurnStatus.PENDING:
        return twiml.relay(call, sequence=last.sequence, resumes="turn")
    sequence, words = _next(call), line(Line.CUT_OFF, call.script.language)
    records.add_turn(call_id=call.pk, sequence=sequence, said=words, kind=TurnKind.REPLY)
    return twiml.relay(call, sequence=sequence, resumes="conversation")


@carrier_webhook("gather", key=lambda form, sequence: str(sequence), beforehand=note_wish)
def gather(call: Call, form: QueryDict, sequence: int) -> HttpResponse:
    """What was heard, or nothing; the answer announces clips that are still being made."""
    if form.get("Digits") == OPT_OUT_KEY:
        return _opt_out_by_key(call, sequence=sequence)
    heard = form.get("SpeechResult", "").strip()
    previous = Turn.objects.filter(call=call, sequence=sequence - 1).first()
    if previous and previous.kind == TurnKind.FAREWELL:
        return _after_farewell(call, previous, heard)
    if asks_to_opt_out(heard):
        return _opt_out(call, heard, sequence=sequence)
    if not _asked(_ask_for_turn, call, previous=previous, sequence=sequence, heard=heard):
        return _apologise(call, heard=heard)
    return twiml_response(twiml.listen(call, sequence=sequence + 1, prompts=twiml.turn_prompts(call, sequence)))


def _ask_for_turn(*, call_id: UUID, previous: Turn | None, sequence: int, heard: str) -> None:
    """Who speaks while the last answer is still being made has talked over it."""
    if heard and previous and previous.status == TurnStatus.PENDING:
        cancel_now(call_id, previous.sequence, heard="")
    dispatch.ask_for_turn(call_id=call_id, sequence=sequence, heard=heard, may_be_asked_again=True)


def _asked(ask: Callable[..., None], call: Call, **arguments: Any) -> bool:
    """False when Redis is away: the person on the line must hear something all the same."""
    try:
        ask(call_id=call.pk, **arguments)
    except RedisError as error:
        log.warning("workers_not_asked", call=str(call.pk), what=ask.__name__, error=type(error).__name__)
        return False
    return True


def _after_farewell(call: Call, farewell: Turn, heard: str) -> HttpResponse:
    """An apology is on record before it is spoken, and whoever asks into the silence must hear it all the same."""
    if asks_to_opt_out(heard):
        opt_out(call=call, wording=heard, source=SOURCE)
    apology = line(Line.TROUBLE, call.script.language)
    unheard = [Prompt(words=apology)] if farewell.said.endswith(apology) else []
    return twiml_response(twiml.farewell(unheard, call.script.language))


@carrier_webhook("voicemail", key=lambda form: "message")
def voicemail(call: Call, form: QueryDict) -> HttpResponse:
    """A machine picked up: leave the campaign's message, if it has one."""
    texts = voicemail_sentences(call.script)
    settle_disposition(call=call, disposition=Disposition.VOICEMAIL, source=SOURCE)
    note_why_ending(call=call, reason=EndReason.VOICEMAIL)
    if texts:
        records.add_turn(call_id=call.pk, sequence=_next(call), said=" ".join(texts), kind=TurnKind.VOICEMAIL)
    prompts = _prompts_or_words(call, texts)
    return twiml_response(twiml.farewell(prompts, call.script.language))


@carrier_webhook(
    "fallback", key=lambda form: f"{form.get('ErrorCode', '')} {form.get('ErrorUrl', '')}", beforehand=note_wish
)
def fallback(call: Call, form: QueryDict) -> HttpResponse:
    """One of our own addresses failed; the carrier speaks, for our voice may be what failed.

    What was posted there may come along: a wish not to be called again is obeyed here.
    """
    record_event(call, "webhook_failed", source="carrier", data={"code": form.get("ErrorCode", "")[:16]})
    if wish := _wish_in(form):
        return _opt_out(call, wish, sequence=_next(call))
    return _apologise(call)


def _apologise(call: Call, *, heard: str = "") -> HttpResponse:
    settle_disposition(call=call, disposition=Disposition.FAILED, source=SOURCE)
    note_why_ending(call=call, reason=EndReason.CONVERSATION_FAILED)
    words = line(Line.TROUBLE, call.script.language)
    records.add_turn(call_id=call.pk, sequence=_next(call), heard=heard, said=words, kind=TurnKind.FAREWELL)
    return twiml_response(twiml.farewell([Prompt(words=words)], call.script.language))


def _opt_out_by_key(call: Call, *, sequence: int) -> HttpResponse:
    return _opt_out(call, key_press(OPT_OUT_KEY), sequence=sequence)


def _opt_out(call: Call, heard: str, *, sequence: int) -> HttpResponse:
    """Obeyed here and now: neither a worker nor Redis is needed for it."""
    words = line(Line.OPTED_OUT, call.script.language)
    opt_out(call=call, wording=heard, source=SOURCE)
    note_why_ending(call=call, reason=EndReason.OPTED_OUT)
    records.add_turn(call_id=call.pk, sequence=sequence, heard=heard, said=words, kind=TurnKind.FAREWELL)
    return twiml_response(twiml.farewell(_prompts_or_words(call, [words]), call.script.language))


def _prompts_or_words(call: Call, texts: list[str]) -> list[Prompt]:
    """Clips where they are kept, the carrier's voice where not; they are made then for the next call."""
    sentences = [_sentence(call, text, is_fixed=True) for text in texts]
    prompts, missing = twiml.prompts_for(call, sentences)
    if missing:
        _asked(dispatch.ask_for_clips, call, texts=[sentence.text for sentence in missing])
    pairs = zip(prompts, sentences, strict=True)
    return [Prompt(words=sentence.text) if sentence in missing else prompt for prompt, sentence in pairs]


def _fixed_opening(call: Call) -> list[Sentence]:
    return [_sentence(call, text, is_fixed=True) for text in fixed_sentences(call.script, call.campaign)]


def _personal_opening(call: Call) -> Sentence:
    return _sentence(call, opening_sentences(call)[-1])


def _sentence(call: Call, text: str, *, is_fixed: bool = False) -> Sentence:
    return Sentence(text, voice=call.script.voice, language=call.script.language, is_fixed=is_fixed)


def _next(call: Call) -> int:
    last = Turn.objects.filter(call=call).order_by("-sequence").values_list("sequence", flat=True).first()
    return 0 if last is None else last + 1

"""A turn: words of the person in, sentences of the assistant out. It knows text; the mouth knows the transport."""

from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from callcenter import clock
from callcenter.live import nudge
from calls.conversation import heard as words_heard
from calls.conversation.checker import TOO_LONG
from calls.conversation.facts import CallFacts, facts_of
from calls.conversation.gather_mouth import GatherMouth
from calls.conversation.lines import Line, line
from calls.conversation.mouths import Mouth, RelayMouth, WordsRefused
from calls.conversation.opt_out import refuses_calls
from calls.conversation.prompt import Message, build_messages, tool_calls_of, tool_results_of
from calls.conversation.records import add_turn, claim_turn, earlier_turns, store_turn
from calls.conversation.silence import answer_to_silence
from calls.conversation.stopwatch import Stopwatch
from calls.conversation.tools import SCHEMAS, as_record, use_tool
from calls.end_reasons import EndReason
from calls.models import Call, Turn, TurnKind, TurnStatus
from calls.providers import language_model
from calls.providers.base import ProviderError, TextChunk, ToolCall
from calls.services import note_why_ending, opt_out, settle_disposition
from calls.turn_stream import TurnCanceled, TurnWriter, filler_of
from campaigns.models import Disposition, Transport

SOURCE = "conversation"
NUDGE_SECONDS = 0.25
LATE_MS = 1200
"""From here on the door may have spoken a filler before the turn's own words."""
MODEL_ROUNDS = 2

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Exchange:
    """One attempt at a turn: what it works with, and what came of it."""

    facts: CallFacts
    turn: Turn
    earlier: list[Turn]
    mouth: Mouth
    stopwatch: Stopwatch
    tools: list[dict[str, str]] = field(default_factory=list)
    end_reason: str = ""
    has_failed: bool = False

    @property
    def request_id(self) -> str:
        return f"{self.facts.call_id}:{self.turn.sequence}:{self.turn.attempt}"

    def say_line(self, name: Line) -> None:
        self.mouth.say(line(name, self.facts.language))


def run_turn(*, call_id: UUID | str, sequence: int, heard: str, attempt: int, asked_at: float) -> None:
    """Answer what was heard; running it twice for the same attempt answers once."""
    stopwatch = Stopwatch(asked_at)
    facts = facts_of(call_id)
    if facts is None:
        return
    earlier = earlier_turns(call_id, sequence)
    turn = claim_turn(call_id=call_id, sequence=sequence, heard=heard, attempt=attempt, asked_at=asked_at)
    if turn is None:
        return
    writer = TurnWriter(call_id=call_id, sequence=sequence, attempt=attempt)
    mouth = open_mouth(facts, writer, stopwatch)
    exchange = Exchange(facts, turn, earlier, mouth, stopwatch)
    said, was_interrupted = _speak(exchange, writer)
    _store(exchange, said=said, was_interrupted=was_interrupted)


def open_mouth(facts: CallFacts, writer: TurnWriter, stopwatch: Stopwatch) -> Mouth:
    nudger = Nudger(facts.call_id)

    def when_spoken() -> None:
        stopwatch.words_out()
        nudger.nudge()

    if facts.transport == Transport.GATHER:
        return GatherMouth(writer, when_spoken, facts)
    return RelayMouth(writer, when_spoken)


class Nudger:
    """Tells the staff's page that words were added, at most four times a second."""

    def __init__(self, call_id: str) -> None:
        self._topic = f"calls/{call_id}"
        self._last = 0.0

    def nudge(self) -> None:
        if clock.monotonic() - self._last >= NUDGE_SECONDS:
            self._last = clock.monotonic()
            nudge(self._topic)


def _speak(exchange: Exchange, writer: TurnWriter) -> tuple[str, bool]:
    """Publish the answer; what was said in the end, and whether the person cut it short.

    A fault of ours leaves the turn open: the door that waits for it asks the next worker.
    """
    said, was_interrupted = "", False
    if _wants_no_calls(exchange):
        _honour_opt_out(exchange)
    try:
        writer.started()
        _answer_or_replace(exchange)
        if exchange.end_reason:
            exchange.mouth.end_call(exchange.end_reason)
        exchange.mouth.close()
        said = exchange.mouth.said
    except TurnCanceled as canceled:
        said, was_interrupted = canceled.heard, True
    writer.done()
    return said, was_interrupted


def _answer_or_replace(exchange: Exchange) -> None:
    """What the model may not say is dropped and, unless it only went on for too long, followed by the truth."""
    try:
        _answer(exchange)
    except WordsRefused as refused:
        log.warning(
            "words_refused",
            call=exchange.facts.call_id,
            sequence=exchange.turn.sequence,
            objection=refused.objection,
        )
        exchange.mouth.drop()
        if refused.objection != TOO_LONG:
            exchange.say_line(Line.IS_MACHINE)
    exchange.mouth.finish()


def _answer(exchange: Exchange) -> None:
    """The rules that no model has a say in come first."""
    if exchange.end_reason == EndReason.OPTED_OUT:
        exchange.say_line(Line.OPTED_OUT)
    elif exchange.turn.heard == words_heard.NOTHING:
        _break_silence(exchange)
    else:
        _converse(exchange)


def _wants_no_calls(exchange: Exchange) -> bool:
    """Said now, or before in this call by somebody who went on talking over the answer."""
    return any(refuses_calls(turn.heard) for turn in (exchange.turn, *exchange.earlier))


def _honour_opt_out(exchange: Exchange) -> None:
    """Before anything is said: who hangs up at once must be obeyed too."""
    call = _call(exchange)
    opt_out(call=call, wording=exchange.turn.heard, source=SOURCE)
    note_why_ending(call=call, reason=EndReason.OPTED_OUT)
    exchange.end_reason = EndReason.OPTED_OUT


def _break_silence(exchange: Exchange) -> None:
    answer = answer_to_silence(exchange.earlier)
    exchange.say_line(answer)
    if answer == Line.NOBODY_THERE:
        _end(exchange, disposition=Disposition.NO_CONVERSATION, reason=EndReason.SILENCE)


def _converse(exchange: Exchange) -> None:
    messages = build_messages(facts=exchange.facts, turns=exchange.earlier, words=exchange.turn.heard, now=clock.now())
    try:
        for _ in range(MODEL_ROUNDS):
            follow_up = _ask_model(exchange, messages)
            if not follow_up:
                break
            messages += follow_up
        if not exchange.mouth.said:
            exchange.say_line(Line.NOT_UNDERSTOOD)
    except ProviderError as error:
        log.warning("model_failed", call=exchange.facts.call_id, code=error.code, error=error.message)
        exchange.has_failed = True
        exchange.say_line(Line.TROUBLE)
        _end(exchange, disposition=Disposition.FAILED, reason=EndReason.CONVERSATION_FAILED)


def _ask_model(exchange: Exchange, messages: list[Message]) -> list[Message]:
    """Speak one answer and use its tools; further messages when the model must be asked again."""
    said_before = exchange.mouth.said
    calls: list[ToolCall] = []
    model = language_model()
    asked_at = clock.monotonic()
    exchange.stopwatch.model_asked()
    arguments: dict[str, Any] = {"tools": SCHEMAS, "model": exchange.facts.model, "request_id": exchange.request_id}
    try:
        _take_in(exchange, model.reply(messages, **arguments), calls)
    except ProviderError as error:
        is_early = clock.monotonic() - asked_at < settings.TURN_TRY_AGAIN_WITHIN_SECONDS
        if error.permanent or not is_early or exchange.mouth.said != said_before:
            raise
        _take_in(exchange, model.reply(messages, **arguments), calls)
    return _use_tools(exchange, calls, said_before)


def _take_in(exchange: Exchange, answer: Any, calls: list[ToolCall]) -> None:
    with closing(answer):
        for part in answer:
            exchange.stopwatch.first_token()
            if isinstance(part, TextChunk):
                exchange.mouth.say(part.text)
            else:
                calls.append(part)
    exchange.mouth.finish()


def _use_tools(exchange: Exchange, calls: list[ToolCall], said_before: str) -> list[Message]:
    """Use what the model asked for. It is asked again when a tool refused, or when it forgot to say anything."""
    records = []
    has_refused = False
    for call in calls:
        result = use_tool(call, exchange.facts)
        records.append(as_record(call, result))
        has_refused = has_refused or bool(result.error)
        exchange.end_reason = exchange.end_reason or result.ends_call
    exchange.tools += records
    has_spoken = exchange.mouth.said != said_before
    if exchange.end_reason and not has_spoken:
        _say_farewell(exchange)
        return []
    if has_refused or (records and not has_spoken):
        return _tool_messages(records, exchange.mouth.said)
    return []


def _say_farewell(exchange: Exchange) -> None:
    if exchange.end_reason == EndReason.OPTED_OUT:
        exchange.say_line(Line.OPTED_OUT)
    else:
        exchange.mouth.say(exchange.facts.farewell or line(Line.FAREWELL, exchange.facts.language))


def _tool_messages(records: list[dict[str, str]], said: str) -> list[Message]:
    return [{"role": "assistant", "content": said or None} | tool_calls_of(records), *tool_results_of(records)]


def _end(exchange: Exchange, *, disposition: str, reason: str) -> None:
    call = _call(exchange)
    settle_disposition(call=call, disposition=disposition, source=SOURCE)
    note_why_ending(call=call, reason=reason)
    exchange.end_reason = reason


def _call(exchange: Exchange) -> Call:
    return Call.objects.get(pk=exchange.facts.call_id)


def record_failure(*, call_id: UUID | str, sequence: int, heard: str, said: str) -> None:
    """No worker answered in time and the door said goodbye; a turn that was finished meanwhile stays as it is."""
    call = Call.objects.filter(pk=call_id).first()
    if call is None:
        return
    said = f"{filler_of(call_id, sequence)}{said}"
    add_turn(call_id=call_id, sequence=sequence, heard=heard, said=said, kind=TurnKind.FAREWELL)
    unfinished = call.turns.filter(sequence=sequence, status=TurnStatus.PENDING)
    unfinished.update(said=said, status=TurnStatus.FAILED, kind=TurnKind.FAREWELL)
    is_refusal = refuses_calls(heard)
    if is_refusal:
        opt_out(call=call, wording=heard, source=SOURCE)
    settle_disposition(call=call, disposition=Disposition.FAILED, source=SOURCE)
    note_why_ending(call=call, reason=EndReason.OPTED_OUT if is_refusal else EndReason.CONVERSATION_FAILED)


def _store(exchange: Exchange, *, said: str, was_interrupted: bool) -> None:
    exchange.stopwatch.stop()
    store_turn(
        exchange.turn,
        said=f"{_filler(exchange)}{said}".strip(),
        kind=TurnKind.FAREWELL if exchange.end_reason else exchange.turn.kind,
        status=TurnStatus.FAILED if exchange.has_failed else TurnStatus.DONE,
        was_interrupted=was_interrupted,
        tool_calls=exchange.tools,
        **exchange.stopwatch.readings,
    )


def _filler(exchange: Exchange) -> str:
    is_late = exchange.stopwatch.readings.get("first_words_ms", LATE_MS) >= LATE_MS
    return filler_of(exchange.facts.call_id, exchange.turn.sequence) if is_late else ""

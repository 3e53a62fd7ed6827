"""Executes documents, verb by verb, until a call has nothing more to do."""

import time
from collections.abc import Awaitable, Callable
from itertools import groupby
from xml.etree import ElementTree

from simulator.handset.context import HandsetContext
from simulator.handset.dial import DialSession
from simulator.handset.gather import Gathered, GatherSession
from simulator.handset.gather_settings import gather_warnings
from simulator.handset.loop_protection import MOST_OF_A_CALL, LoopProtection
from simulator.handset.playback import Playback
from simulator.handset.record import RecordSession
from simulator.handset.schema import CHILDREN, PROMPTS, schema_warnings
from simulator.handset.trial_account import MOST_ON_TRIAL, NOT_ON_TRIAL, TRIAL_FETCH_SECONDS, blocked_on_trial
from simulator.handset.twiml import Document, fetch_document, is_true, read_inline, with_fallback
from simulator.relay.outcome import RelayOutcome
from simulator.relay.session import RelaySession
from simulator.sound.speech import choose_voice
from simulator.timings import GatherTurn
from simulator.twilio.call_request import Callback, RecordingOrder
from simulator.twilio.voice_fields import voice_fields
from simulator.twilio.webhook_client import BUDGET_SECONDS, WebhookFailed

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
LASTING = ("Gather", "Record", "Connect", "Dial")
Following = Document | None
VerbHandler = Callable[[ElementTree.Element, Document], Awaitable[Following]]


class HangUp(Exception):
    """The document ends the call; the text says why."""


class Executor:
    def __init__(self, context: HandsetContext) -> None:
        self._context = context
        self._first: Callback | None = None
        self._budget = TRIAL_FETCH_SECONDS if context.network.account.is_trial else BUDGET_SECONDS
        self._loops = LoopProtection(most=MOST_ON_TRIAL if context.network.account.is_trial else MOST_OF_A_CALL)
        self._handlers: dict[str, VerbHandler] = {
            "Gather": self._gather,
            "Redirect": self._redirect,
            "Hangup": self._hang_up,
            "Reject": self._reject,
            "Start": self._start,
            "Stop": self._stop,
            "Record": self._record,
            "Connect": self._connect,
            "Dial": self._dial,
        }

    async def run(self, first: Callback | str, fields: dict[str, str] | None = None) -> bool:
        """Returns when the application has nothing more to say: True when it has not hung up and has not failed."""
        self._first = first if isinstance(first, Callback) else None
        try:
            document: Following = await self._open(first, fields or {})
            while document is not None:
                document = await self._perform(document)
        except HangUp:
            return False
        except WebhookFailed as failure:
            await self._apologise(failure)
            return False
        return True

    async def _open(self, target: Callback | str, fields: dict[str, str]) -> Document:
        if isinstance(target, str):
            document = read_inline(target)
        else:
            self._loops.count(target.url)
            target, fields = with_fallback(target, self._first), voice_fields(self._context.call) | fields
            webhooks = self._context.network.webhooks
            cookies = self._context.cookies
            document = await fetch_document(
                webhooks, target, fields, self._complain, budget=self._budget, cookies=cookies
            )
        for warning in schema_warnings(document.verbs):
            self._complain(warning)
        return document

    async def _perform(self, document: Document) -> Following:
        """Neighbouring prompts play as one stretch; a verb may lead to another document."""
        for is_prompt, verbs in groupby(document.verbs, lambda verb: verb.tag in PROMPTS):
            if is_prompt:
                self._loops.something_happens()
                await Playback(self._context, document).perform(list(verbs))
                continue
            for verb in verbs:
                following = await self._handle(verb, document)
                if following is not None:
                    return following
        return None

    async def _handle(self, verb: ElementTree.Element, document: Document) -> Following:
        blocked = blocked_on_trial(verb) if self._context.network.account.is_trial else ""
        if blocked:
            self._complain(f"{NOT_ON_TRIAL} {blocked} is not available to trial accounts")
            return None
        handler = self._handlers.get(verb.tag)
        if handler is None:
            self._complain(f"12200 {verb.tag} is not supported here")
            return None
        if verb.tag in LASTING:
            self._loops.something_happens()
        return await handler(verb, document)

    async def _gather(self, verb: ElementTree.Element, document: Document) -> Following:
        for warning in gather_warnings(verb):
            self._complain(warning)
        gathered = await GatherSession(self._context, document, verb).run()
        if gathered.is_empty and not is_true(verb, "actionOnEmptyResult"):
            return None
        return await self._send_gathered(document.callback(verb), gathered)

    async def _send_gathered(self, action: Callback, gathered: Gathered) -> Document:
        turn = GatherTurn(self._context.call.sid, action.url, time.monotonic())
        self._context.network.timings.gather_turns.append(turn)
        self._context.gather_turn = turn
        document = await self._open(action, gathered.fields())
        turn.twiml_at = time.monotonic()
        return document

    async def _redirect(self, verb: ElementTree.Element, document: Document) -> Following:
        """Without an address, to the document itself."""
        method = "GET" if verb.get("method", "").upper() == "GET" else "POST"
        return await self._open(Callback(document.resolve((verb.text or "").strip()), method), {})

    async def _hang_up(self, verb: ElementTree.Element, document: Document) -> Following:
        raise HangUp(verb.tag)

    async def _reject(self, verb: ElementTree.Element, document: Document) -> Following:
        self._complain("12200 Reject is for inbound calls that are not answered yet: this one is hung up")
        raise HangUp(verb.tag)

    async def _start(self, verb: ElementTree.Element, document: Document) -> Following:
        for noun in verb:
            if noun.tag != "Recording":
                if noun.tag in CHILDREN["Start"]:
                    self._complain(f"12200 Start/{noun.tag} is not supported here")
                continue
            self._context.recorder.start(self._recording_order(noun, document))
        return None

    def _recording_order(self, noun: ElementTree.Element, document: Document) -> RecordingOrder:
        return RecordingOrder(
            channels=1 if noun.get("channels", "dual") == "mono" else 2,
            source="StartCallRecordingTwiML",
            track=noun.get("track", "both"),
            callback=document.wanted_callback(noun, "recordingStatusCallback"),
            events=tuple(noun.get("recordingStatusCallbackEvent", "completed").split()),
            trim=noun.get("trim", "do-not-trim"),
        )

    async def _stop(self, verb: ElementTree.Element, document: Document) -> Following:
        self._context.recorder.stop_all()
        return None

    async def _record(self, verb: ElementTree.Element, document: Document) -> Following:
        """An empty recording leads to the next verb; hanging up after the message still tells the action."""
        if is_true(verb, "transcribe"):
            self._complain("12200 Record transcribe is not supported here")
        action = document.callback(verb)
        session = RecordSession(self._context, document, verb)
        try:
            await session.run()
        finally:
            if self._context.line.ended.done() and session.has_message:
                await self._tell(action, session.fields(digits="hangup"))
        return await self._open(action, session.fields()) if session.has_message else None

    async def _connect(self, verb: ElementTree.Element, document: Document) -> Following:
        noun = verb.find("ConversationRelay")
        if noun is None:
            self._complain("12200 Connect holds nothing that is supported here")
            return None
        action = document.callback(verb) if verb.get("action") else None
        outcome = RelayOutcome()
        try:
            await RelaySession(self._context, noun, outcome).run()
        finally:
            fields = await self._report_relay(action, outcome)
        return await self._open(action, fields) if action and not self._context.line.ended.done() else None

    async def _report_relay(self, action: Callback | None, outcome: RelayOutcome) -> dict[str, str]:
        """When the call is over, Twilio still tells the action, and ignores the answer."""
        if action:
            await self._context.network.pace.sleep(outcome.action_seconds)
        if action and self._context.line.ended.done():
            await self._tell(action, outcome.fields())
        return outcome.fields()

    async def _tell(self, action: Callback, fields: dict[str, str]) -> None:
        try:
            await self._context.network.webhooks.send(action, voice_fields(self._context.call) | fields)
        except WebhookFailed as failure:
            self._complain(str(failure))

    async def _dial(self, verb: ElementTree.Element, document: Document) -> Following:
        """When the first call is over, Twilio still tells the action how the other one went."""
        if self._context.call.direction == "outbound-dial":
            self._complain("13201 Dial cannot be used on the callee's side of a Dial")
            return None
        action = document.wanted_callback(verb, "action")
        session = DialSession(self._context, document, verb)
        try:
            await session.run()
        finally:
            if action and self._context.line.ended.done():
                self._context.network.start_task(self._tell_dial(action, session))
        return await self._open(action, await session.fields()) if action else None

    async def _tell_dial(self, action: Callback, session: DialSession) -> None:
        await self._tell(action, await session.fields())

    async def _apologise(self, failure: WebhookFailed) -> None:
        self._complain(str(failure))
        await self._context.line.assistant_says(APPLICATION_ERROR, choose_voice("network", "en-US"))

    def _complain(self, text: str) -> None:
        self._context.call.complaints.append(text)

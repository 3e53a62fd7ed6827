"""<Dial>: calls made from within a call, and the conversation of the two people."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from simulator.handset.bridge import bridged
from simulator.handset.context import HandsetContext
from simulator.handset.dial_settings import Callee, is_allowed_caller, read_dial, refusal_code
from simulator.handset.twiml import Document
from simulator.sound.tones import tone
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import CallRequest
from simulator.twilio.recording_record import RecordingRecord

if TYPE_CHECKING:
    from simulator.handset.handset import Handset

INVALID_CALLER = 13214
OTHER_NOUNS = ("Client", "Sip", "Conference", "Queue", "Sim", "Application", "WhatsApp")
RINGBACK_SECONDS, RINGBACK_PAUSE_SECONDS, RINGBACK_HERTZ = 1.5, 3.0, 425
"""What callers of Spain hear while it rings (ITU-T E.180)."""


@dataclass
class Leg:
    call: CallRecord
    handset: "Handset"
    running: "asyncio.Task[None]"
    has_left: asyncio.Event = field(default_factory=asyncio.Event)
    """It is no longer part of the dialled conversation: hung up, or sent elsewhere by REST."""


class DialSession:
    """Of several numbers that ring at once, the first that is ready to talk wins, and the others stop ringing."""

    def __init__(self, context: HandsetContext, document: Document, verb: ElementTree.Element) -> None:
        self._context, self._network, self._verb = context, context.network, verb
        self._settings = read_dial(verb, document, caller_id=context.call.from_)
        self._legs: list[Leg] = []
        self._winner: asyncio.Future[Leg] = asyncio.get_running_loop().create_future()
        self._is_over = asyncio.Event()
        self._recording: RecordingRecord | None = None

    async def run(self) -> None:
        """Returns when the two have hung up, or nobody answered; cancelled when the first call ends."""
        callees = self._dialable()
        try:
            await self._ring(callees)
            if self._winner.done():
                await self._converse(self._winner.result())
        finally:
            self._stop()

    def _dialable(self) -> list[Callee]:
        for noun in self._verb:
            if noun.tag in OTHER_NOUNS:
                self._complain(f"12200 Dial/{noun.tag} is not supported here")
        if not is_allowed_caller(self._network, self._settings.caller_id):
            self._complain(f"{INVALID_CALLER} Dial callerId {self._settings.caller_id or 'missing'} is not yours")
            return []
        codes = {callee: refusal_code(self._network, callee.number) for callee in self._settings.callees}
        for callee, code in codes.items():
            if code:
                self._complain(f"{code} Dial cannot call {callee.number or 'nobody'}")
        return [callee for callee, code in codes.items() if not code]

    async def _ring(self, callees: list[Callee]) -> None:
        if self._settings.recording and self._settings.records_ringing and callees:
            self._start_recording()
        ringback = self._network.start_task(self._ring_back())
        try:
            groups = [[callee] for callee in callees] if self._settings.is_sequential else [callees]
            for group in groups:
                await self._ring_at_once(group)
                if self._winner.done():
                    return
        finally:
            ringback.cancel()

    async def _ring_at_once(self, callees: list[Callee]) -> None:
        legs = [self._place(callee) for callee in callees]
        unfinished: set[asyncio.Future[Any]] = {leg.running for leg in legs}
        while unfinished and not self._winner.done():
            done, _ = await asyncio.wait({*unfinished, self._winner}, return_when=asyncio.FIRST_COMPLETED)
            unfinished -= done
        if self._winner.done():
            for leg in legs:
                if leg is not self._winner.result():
                    leg.handset.hang_up("application")

    async def _ring_back(self) -> None:
        """The person hears that it rings, and stays."""
        line = self._context.line
        while True:
            await line.assistant_plays(tone(RINGBACK_SECONDS, RINGBACK_HERTZ), "", RINGBACK_SECONDS)
            await self._network.pace.sleep(RINGBACK_PAUSE_SECONDS)

    def _place(self, callee: Callee) -> Leg:
        request = CallRequest(
            to=callee.number,
            from_=self._settings.caller_id,
            voice=callee.whisper,
            status_callback=callee.status_callback,
            status_events=callee.status_events,
            ring_seconds=self._settings.ring_seconds,
            time_limit_seconds=self._settings.time_limit_seconds,
            detection=callee.detection,
            detection_timeout_seconds=callee.detection_seconds,
            detection_is_async=True,
            detection_callback=callee.detection_callback,
            send_digits=callee.send_digits,
        )
        call, handset, running = self._network.exchange.place_leg(request, parent=self._context.call)
        leg = Leg(call, handset, running)
        handset.when_ready = lambda: self._join(leg)
        self._legs.append(leg)
        return leg

    async def _join(self, leg: Leg) -> None:
        """The callee's side: it lasts until the conversation is over, or another was faster."""
        if self._winner.done():
            return
        self._winner.set_result(leg)
        try:
            await self._is_over.wait()
        finally:
            leg.has_left.set()

    async def _converse(self, leg: Leg) -> None:
        if self._settings.recording and self._recording is None:
            self._start_recording()
        with bridged(self._network, self._context.line, leg.handset.line) as ear:
            endings: set[asyncio.Task[Any]] = {asyncio.create_task(leg.has_left.wait())}
            if self._settings.hangs_up_on_star:
                endings.add(asyncio.create_task(ear.star.wait()))
            try:
                await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for ending in endings:
                    ending.cancel()

    def _start_recording(self) -> None:
        if self._settings.recording is not None:
            self._recording = self._context.recorder.start(self._settings.recording)

    def _stop(self) -> None:
        self._is_over.set()
        for leg in self._legs:
            if not leg.has_left.is_set():
                leg.handset.hang_up("application")
        if self._recording is not None:
            self._context.recorder.stop(self._recording)

    async def fields(self) -> dict[str, str]:
        """What the action is told, once the last leg has its final status."""
        for placed in self._legs:
            if placed.handset.line.ended.done() or not placed.has_left.is_set():
                await asyncio.wait({placed.running})
        is_bridged = self._winner.done()
        leg = self._winner.result() if is_bridged else self._legs[-1] if self._legs else None
        fields = {
            "DialCallStatus": "completed" if is_bridged else leg.call.status if leg else "failed",
            "DialBridged": str(is_bridged).lower(),
        }
        if leg is not None:
            fields["DialCallSid"] = leg.call.sid
        seconds = self._talked_seconds(leg) if leg is not None else None
        if seconds is not None:
            fields["DialCallDuration"] = str(seconds)
        if self._recording is not None:
            fields["RecordingUrl"] = self._recording.callback_fields(base_url=self._network.base_url)["RecordingUrl"]
        return fields

    def _talked_seconds(self, leg: Leg) -> int | None:
        """A leg that was sent elsewhere goes on, and has no duration yet."""
        is_elsewhere = leg.has_left.is_set() and not leg.call.is_final
        return round(leg.handset.line.now()) if is_elsewhere else leg.call.duration_seconds

    def _complain(self, text: str) -> None:
        self._context.call.complaints.append(text)

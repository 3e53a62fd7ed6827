"""One call, from the carrier's queue to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from simulator.faults import happens
from simulator.handset.context import HandsetContext
from simulator.handset.machine_detection import detect
from simulator.handset.phone_line import PhoneLine
from simulator.handset.recorder import Recorder
from simulator.handset.verbs import Executor
from simulator.network import Network, logger
from simulator.people.person import Person
from simulator.people.persona import Outcome
from simulator.twilio.call_record import CallRecord, utc_now
from simulator.twilio.call_request import Callback, CallRequest
from simulator.twilio.status_callbacks import StatusCallbacks

FAST_ANSWER_SECONDS = 4.0
SIP_CODES = {"completed": 200, "busy": 486, "no-answer": 480, "failed": 404, "canceled": 487}


class Handset:
    def __init__(self, network: Network, call: CallRecord, request: CallRequest, person: Person) -> None:
        self.line = PhoneLine(call, network.pace)
        self._network, self._call, self._request, self._person = network, call, request, person
        recorder = Recorder(network, call, self.line)
        lot = f"{network.options.seed}|{call.to}|{call.attempt}"
        self._context = HandsetContext(network, call, request, self.line, recorder, lot)
        self._callbacks = StatusCallbacks(network, call, request)
        self._redirected: asyncio.Future[Callback | str] | None = None
        self._limit_changed = asyncio.Event()
        self.when_ready: Callable[[], Awaitable[None]] | None = None
        """For a call made by <Dial>: lasts as long as the two people talk."""

    @property
    def recorder(self) -> Recorder:
        return self._context.recorder

    def redirect(self, target: Callback | str) -> None:
        if self._redirected is not None and not self._redirected.done():
            self._redirected.set_result(target)

    def limit_time(self, seconds: int) -> None:
        """Also of a call that is under way."""
        self._request.time_limit_seconds = seconds
        self._limit_changed.set()

    def hang_up(self, by: str) -> None:
        self.line.end(by)

    async def run(self) -> None:
        """Ends with a final status whatever happens."""
        try:
            self._call.sip_code = 0
            if not self.line.ended.done():
                self._callbacks.report("initiated")
            await self._ring()
        except Exception:
            logger.exception("call=%s broke", self._call.sid)
            self._call.complaints.append("the simulator itself failed")
            self._finish("failed")
            raise

    async def _ring(self) -> None:
        outcome = self._person.persona.outcome(self._call.attempt)
        if not await self._passes(self._network.faults.ringing_after_ms / 1000):
            self._finish("canceled")
        elif outcome == "unreachable":
            ended = not await self._passes(self._network.faults.unreachable_after_ms / 1000)
            self._finish("canceled" if ended else "failed")
        else:
            await self._wait_for_answer(outcome)

    async def _wait_for_answer(self, outcome: Outcome) -> None:
        self._call.move_to("ringing")
        busy_seconds = self._network.faults.busy_after_ms / 1000
        ring_seconds = busy_seconds if outcome == "busy" else self._person.ring_seconds
        if outcome == "no-answer" or ring_seconds > self._request.ring_seconds:
            outcome, ring_seconds = "no-answer", self._request.ring_seconds
        if not self._skips_ringing(outcome, ring_seconds):
            self._callbacks.report("ringing")
        if not await self._passes(ring_seconds):
            self._finish("canceled")
        elif outcome == "answer":
            await self._talk()
        else:
            self._finish(outcome)

    def _skips_ringing(self, outcome: Outcome, ring_seconds: float) -> bool:
        faults, is_fast = self._network.faults, outcome == "answer" and ring_seconds <= FAST_ANSWER_SECONDS
        is_due = happens(faults.skip_ringing, self._context.dice("line"))
        return is_fast and is_due and faults.strikes("skip_ringing", number=self._call.to)

    async def _passes(self, natural_seconds: float) -> bool:
        """False when the call was ended meanwhile."""
        done, _ = await asyncio.wait({self.line.ended}, timeout=self._network.pace.wait_seconds(natural_seconds))
        return not done

    async def _talk(self) -> None:
        self.line.answer()
        self._call.started_at = utc_now()
        self._call.move_to("in-progress")
        self._callbacks.report("in-progress")
        if self._request.recording is not None:
            self._context.recorder.start(self._request.recording)
        companions = [
            self._network.start_task(self._person.live(self.line)),
            self._network.start_task(self._limit_time()),
        ]
        try:
            await self.line.assistant_presses(self._request.send_digits)
            await self._go_through_the_call()
        finally:
            self._hang_up_for_good()
            for task in companions:
                task.cancel()

    async def _limit_time(self) -> None:
        while (left := self._request.time_limit_seconds - self.line.now()) > 0:
            self._limit_changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._network.pace.wait_seconds(left)):
                    await self._limit_changed.wait()
        self.line.end("time-limit")

    async def _go_through_the_call(self) -> None:
        fields = await self._detect_machine()
        instruction: Callback | str | None = self._request.voice or self._request.twiml
        while instruction is not None and not self.line.ended.done():
            self._redirected = asyncio.get_running_loop().create_future()
            is_willing = await self._follow(instruction, fields)
            if is_willing and self.when_ready and not self._redirected.done():
                await self._talk_to_the_other(self.when_ready())
            instruction = self._redirected.result() if self._redirected.done() else None
            fields = {}

    async def _follow(self, instruction: Callback | str, fields: dict[str, str]) -> bool:
        """True when the application ran out of verbs: it has not hung up, and nobody else has."""
        running = asyncio.create_task(Executor(self._context).run(instruction, fields))
        try:
            await asyncio.wait({running, *self._interruptions()}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if self.line.ended.done():
                self._hang_up_for_good()
            has_run_out = await self._stop(running)
        return has_run_out and not self.line.ended.done()

    async def _talk_to_the_other(self, talking: Awaitable[None]) -> None:
        """Until one hangs up or, by REST, is sent elsewhere."""
        task = asyncio.ensure_future(talking)
        self.when_ready = None
        try:
            await asyncio.wait({task, *self._interruptions()}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _interruptions(self) -> set[asyncio.Future[Any]]:
        return {self.line.ended, self._redirected} if self._redirected else {self.line.ended}

    async def _detect_machine(self) -> dict[str, str]:
        """Synchronous detection holds the application back until the verdict."""
        if not self._request.detection:
            return {}
        detection = self._network.start_task(detect(self._context, self._person))
        if self._request.detection_is_async:
            return {}
        waiting: set[asyncio.Future[Any]] = {detection, self.line.ended}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        verdict = detection.result() if detection.done() and not detection.cancelled() else None
        return verdict.fields() if verdict else {}

    async def _stop(self, running: "asyncio.Task[bool]") -> bool:
        running.cancel()
        (result,) = await asyncio.gather(running, return_exceptions=True)
        if isinstance(result, Exception):
            self._call.complaints.append(f"the simulator itself failed: {result!r}")
            logger.error("call=%s broke", self._call.sid, exc_info=result)
        return result is True

    def _hang_up_for_good(self) -> None:
        """The status is final before anything else learns of the end."""
        if self._call.is_final:
            return
        self.line.end("application")
        self._call.duration_seconds = max(1, round(self.line.now()))
        self._finish("completed")

    def _finish(self, status: str) -> None:
        self._call.ended_at = utc_now()
        self._call.ended_by = self.line.ended.result() if self.line.ended.done() else "carrier"
        self._call.sip_code = SIP_CODES[status]
        self._call.move_to(status)
        self._context.recorder.stop_all()
        self._callbacks.report(status)

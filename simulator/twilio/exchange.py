"""Takes calls in, at the account's rate, and lets them go."""

import asyncio
import random
import time
from contextlib import suppress

from simulator.handset.handset import Handset
from simulator.network import Network
from simulator.people.person import Person
from simulator.twilio.call_queue import CallQueue
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import Callback, CallRequest
from simulator.twilio.errors import TwilioError

TRIAL_CALL_SECONDS = 600
PATIENCE_WITH_END_SECONDS = 2.0


class Exchange:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._queue = CallQueue(network.options.calls_per_second, network.pace.speed)
        self._requests: dict[str, CallRequest] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    def accept(self, request: CallRequest) -> CallRecord:
        self._refuse_on_purpose(request)
        self._admit(request)
        queue_time_ms = self._queue.reserve()
        call = self._register(request)
        call.queue_time_ms = queue_time_ms
        self._requests[call.sid] = request
        self._running[call.sid] = self._network.start_task(self._run(call))
        return call

    def place_leg(
        self, request: CallRequest, *, parent: CallRecord
    ) -> tuple[CallRecord, Handset, "asyncio.Task[None]"]:
        """A call that another one makes: it waits in no queue."""
        call = self._register(request)
        call.direction, call.parent_call_sid = "outbound-dial", parent.sid
        self._requests[call.sid] = request
        self._running[call.sid] = self._network.start_task(self._run_handset(call))
        return call, self._network.handsets[call.sid], self._running[call.sid]

    def _refuse_on_purpose(self, request: CallRequest) -> None:
        faults = self._network.faults
        if faults.strikes("create_error", number=request.to):
            raise TwilioError(int(faults.create_error))
        if request.to in faults.fail_calls_with and faults.strikes("fail_calls_with", number=request.to):
            raise TwilioError(int(faults.fail_calls_with[request.to]))

    def _admit(self, request: CallRequest) -> None:
        account = self._network.account
        for number in filter(None, (request.from_, request.caller_id)):
            account.check_caller(number)
        account.check_callee(request.to)
        if self.live_calls() >= account.most_calls:
            raise TwilioError(10004)
        if account.is_trial:
            request.time_limit_seconds = min(request.time_limit_seconds, TRIAL_CALL_SECONDS)

    def live_calls(self) -> int:
        """Those that wait in the queue count, too; Twilio does not document whether they do."""
        return len(self._network.handsets)

    def _register(self, request: CallRequest) -> CallRecord:
        network = self._network
        network.attempts[request.to] += 1
        attempt = network.attempts[request.to]
        persona = network.population.persona_for(request.to, attempt)
        dice = random.Random(f"{network.options.seed}|{request.to}|{attempt}")
        call = CallRecord(network.account.sid, request.to, request.from_, persona.name, attempt)
        call.phone_number_sid = network.account.number_sid(request.from_)
        call.complaints += [f"warning {code}" for code in request.warnings]
        network.calls[call.sid] = call
        network.dial_log.append({"sid": call.sid, "to": call.to, "at": time.time()})
        network.handsets[call.sid] = Handset(network, call, request, Person(persona, call.to, attempt, dice))
        return call

    async def _run(self, call: CallRecord) -> None:
        await self._queue.wait_for_turn(self._network.handsets[call.sid].line.ended)
        await self._run_handset(call)

    async def _run_handset(self, call: CallRecord) -> None:
        try:
            await self._network.handsets[call.sid].run()
        finally:
            del self._network.handsets[call.sid]
            del self._requests[call.sid], self._running[call.sid]

    async def end(self, call: CallRecord, status: str) -> None:
        """`canceled` leaves answered calls alone; `completed` ends any. Returns when the call has its final status."""
        handset = self._network.handsets.get(call.sid)
        if call.is_final or handset is None:
            if status == "completed":
                raise TwilioError(21220, "Call is not in-progress. Cannot end.")
            return
        if status == "completed" or call.status != "in-progress":
            handset.hang_up("rest")
            with suppress(TimeoutError):
                await asyncio.wait_for(call.finished.wait(), PATIENCE_WITH_END_SECONDS)

    def redirect(self, call: CallRecord, target: Callback | str) -> None:
        handset = self._network.handsets.get(call.sid)
        if handset is None or call.status != "in-progress":
            raise TwilioError(21220)
        handset.redirect(target)

    def send_news_to(self, call: CallRecord, target: Callback) -> None:
        if call.sid in self._requests:
            self._requests[call.sid].status_callback = target

    def limit_time(self, call: CallRecord, seconds: int) -> None:
        """Counted from the answer; a call that is older already ends."""
        handset = self._network.handsets.get(call.sid)
        if handset is not None:
            handset.limit_time(seconds)

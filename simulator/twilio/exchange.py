"""Takes calls in, at the account's rate, and lets them go."""

import asyncio
import random
import time

from simulator.handset.handset import Handset
from simulator.network import Network
from simulator.people.person import Person
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import CallRequest
from simulator.twilio.errors import TwilioError


class Exchange:
    """Calls above the rate wait as `queued`, in the order in which they came."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._interval = 1 / (network.options.calls_per_second * network.pace.speed)
        self._next_start_at = 0.0

    def accept(self, request: CallRequest) -> CallRecord:
        network = self._network
        refusal = network.faults.fail_calls_with.get(request.to)
        if refusal:
            raise TwilioError(int(refusal))
        if self.live_calls() >= network.options.max_concurrent:
            raise TwilioError(10004)
        call = self._register(request)
        starts_in = self._reserve_start()
        call.queue_time_ms = int(starts_in * 1000 * network.pace.speed)
        network.start_task(self._run(call, starts_in))
        return call

    def live_calls(self) -> int:
        return len(self._network.handsets)

    def _register(self, request: CallRequest) -> CallRecord:
        network = self._network
        network.attempts[request.to] += 1
        attempt = network.attempts[request.to]
        persona = network.population.persona_for(request.to, attempt)
        dice = random.Random(f"{network.options.seed}|{request.to}|{attempt}")
        call = CallRecord(network.options.account_sid, request.to, request.from_, persona.name, attempt)
        call.complaints += [f"warning {code}" for code in request.warnings]
        network.calls[call.sid] = call
        network.dial_log.append({"sid": call.sid, "to": call.to, "at": time.time()})
        network.handsets[call.sid] = Handset(network, call, request, Person(persona, call.to, attempt, dice))
        return call

    def _reserve_start(self) -> float:
        """Wall-clock seconds until this call's turn."""
        now = time.monotonic()
        starts_at = max(now, self._next_start_at)
        self._next_start_at = starts_at + self._interval
        return starts_at - now

    async def _run(self, call: CallRecord, starts_in: float) -> None:
        handset = self._network.handsets[call.sid]
        try:
            await asyncio.wait({handset.line.ended}, timeout=starts_in)
            await handset.run()
        finally:
            del self._network.handsets[call.sid]

    def end(self, call: CallRecord, status: str) -> None:
        """`canceled` leaves answered calls alone; `completed` ends any."""
        handset = self._network.handsets.get(call.sid)
        if call.is_final or handset is None:
            if status == "completed":
                raise TwilioError(21220, "Call is not in-progress. Cannot end.")
            return
        if status == "completed" or call.status != "in-progress":
            handset.hang_up("rest")

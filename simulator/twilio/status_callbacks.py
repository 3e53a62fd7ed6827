"""News of a call's progress: unordered, sometimes doubled, as Twilio delivers it."""

import random

from simulator.faults import happens
from simulator.network import Network
from simulator.twilio.call_record import FINAL_STATUSES, CallRecord
from simulator.twilio.call_request import Callback, CallRequest
from simulator.twilio.voice_fields import progress_fields
from simulator.twilio.webhook_client import WebhookFailed

LATEST_DELIVERY_SECONDS = 0.3
EVENT_OF_STATUS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


class StatusCallbacks:
    def __init__(self, network: Network, call: CallRecord, request: CallRequest, dice: random.Random) -> None:
        self._network, self._call, self._request, self._dice = network, call, request, dice
        self._sequence = 0

    def report(self, status: str) -> None:
        """Counts every event, sends those subscribed to; a final state is what `completed` means."""
        event = "completed" if status in FINAL_STATUSES else EVENT_OF_STATUS[status]
        sequence, self._sequence = self._sequence, self._sequence + 1
        target = self._request.status_callback
        if target is None or event not in self._request.status_events:
            return
        fields = progress_fields(self._call, status=status, sequence=sequence)
        if happens(self._network.faults.drop_status_callbacks, self._dice):
            return
        for _ in range(1 + happens(self._network.faults.duplicate_status_callbacks, self._dice)):
            self._network.start_task(self._deliver(target, fields, self._dice.random()))

    async def _deliver(self, target: Callback, fields: dict[str, str], luck: float) -> None:
        late = self._network.faults.late_status_callbacks_ms / 1000
        await self._network.pace.sleep(luck * LATEST_DELIVERY_SECONDS + late)
        await deliver(self._network, self._call, target, fields)


async def deliver(network: Network, call: CallRecord, target: Callback, fields: dict[str, str]) -> None:
    """For news whose answer does not matter: failures are only noted, as in Twilio's debugger."""
    try:
        answer = await network.webhooks.send(target, fields)
    except WebhookFailed as failure:
        call.complaints.append(str(failure))
        return
    if not 200 <= answer.status < 300:
        call.complaints.append(f"11200 {target.url}: status {answer.status}")

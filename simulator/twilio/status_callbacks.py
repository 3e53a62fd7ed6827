"""News of a call's progress: late, unordered, sometimes doubled or lost, as Twilio delivers it."""

import random

from simulator.faults import happens
from simulator.network import Network
from simulator.twilio.call_record import FINAL_STATUSES, CallRecord
from simulator.twilio.call_request import BY_REST, Callback, CallRequest
from simulator.twilio.voice_fields import progress_fields
from simulator.twilio.webhook_client import WebhookFailed

LATEST_DELIVERY_SECONDS = 0.3
LONGEST_SWAP_SECONDS = 1.5
BAD_ANSWER, WARNED_ANSWER = 11200, 15003
EVENT_OF_STATUS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
RECORDING_FIELDS = ("RecordingUrl", "RecordingSid", "RecordingDuration")


class StatusCallbacks:
    def __init__(self, network: Network, call: CallRecord, request: CallRequest) -> None:
        self._network, self._call, self._request = network, call, request
        self._dice = random.Random(f"{network.options.seed}|{call.to}|{call.attempt}|news")
        self._sequence = 0
        self._overtaken: list[dict[str, str]] = []

    def report(self, status: str) -> None:
        """Counts every event, sends those subscribed to; a final state is what `completed` means."""
        is_final = status in FINAL_STATUSES
        event = "completed" if is_final else EVENT_OF_STATUS[status]
        sequence, self._sequence = self._sequence, self._sequence + 1
        fields = progress_fields(self._call, status=status, sequence=sequence)
        if is_final:
            fields |= self._recording_fields()
        target = self._request.status_callback
        if target is not None and event in self._request.status_events:
            self._let_go(target, fields, is_final=is_final)

    def _let_go(self, target: Callback, fields: dict[str, str], *, is_final: bool) -> None:
        """A swapped one waits until the next has arrived."""
        if self._strikes("drop_status_callbacks"):
            return
        if self._strikes("swap_status_callbacks") and not is_final:
            self._overtaken.append(fields)
            self._network.start_task(self._stop_waiting(target, fields))
            return
        news, self._overtaken = [fields, *self._overtaken], []
        self._send(target, news)

    async def _stop_waiting(self, target: Callback, fields: dict[str, str]) -> None:
        """Only events that lie close together change places."""
        await self._network.pace.sleep(LONGEST_SWAP_SECONDS)
        if fields in self._overtaken:
            self._overtaken.remove(fields)
            self._send(target, [fields])

    def _send(self, target: Callback, news: list[dict[str, str]]) -> None:
        repeats = 1 + self._strikes("duplicate_status_callbacks")
        for _ in range(repeats):
            self._network.start_task(self._deliver(target, news, self._delay()))

    def _delay(self) -> float:
        faults = self._network.faults
        is_late = faults.strikes("late_status_callbacks_ms", number=self._call.to)
        late = faults.late_status_callbacks_ms / 1000 if is_late else 0.0
        return self._dice.random() * LATEST_DELIVERY_SECONDS + late

    def _strikes(self, name: str) -> bool:
        """These faults are shares of the events."""
        faults = self._network.faults
        lucky = not happens(float(getattr(faults, name)), self._dice)
        return not lucky and faults.strikes(name, number=self._call.to)

    async def _deliver(self, target: Callback, news: list[dict[str, str]], delay: float) -> None:
        await self._network.pace.sleep(delay)
        for fields in news:
            await deliver(self._network, self._call, target, fields, code=WARNED_ANSWER)

    def _recording_fields(self) -> dict[str, str]:
        """Of the recording that Record=true has asked for."""
        if self._request.recording is None:
            return {}
        for recording in self._network.recordings.values():
            if recording.call_sid == self._call.sid and recording.order.source == BY_REST:
                fields = recording.callback_fields(base_url=self._network.base_url)
                return {name: fields[name] for name in RECORDING_FIELDS}
        return {}


async def deliver(
    network: Network, call: CallRecord, target: Callback, fields: dict[str, str], *, code: int = BAD_ANSWER
) -> None:
    """For news whose answer does not matter: failures are only noted, as in Twilio's debugger."""
    try:
        answer = await network.webhooks.send(target, fields)
    except WebhookFailed as failure:
        call.complaints.append(str(failure))
        return
    if not 200 <= answer.status < 300:
        call.complaints.append(f"{code} {target.url}: status {answer.status}")

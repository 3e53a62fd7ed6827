"""Recordings of one call: begun while it lives, rendered when it is over."""

import random

from simulator.handset.phone_line import PhoneLine
from simulator.handset.rendering import RenderOrder
from simulator.network import Network
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import BY_REST, RecordingOrder
from simulator.twilio.recording_record import Pause, RecordingRecord
from simulator.twilio.status_callbacks import deliver

SHORTEST_SECONDS = 0.3
TOO_SHORT, SILENT = 16101, 16102
PROCESSING_SECONDS = (2.0, 10.0)


class Recorder:
    def __init__(self, network: Network, call: CallRecord, line: PhoneLine) -> None:
        self._network, self._call, self._line = network, call, line
        self._dice = random.Random(f"{network.options.seed}|{call.to}|{call.attempt}|recorder")
        self.running: list[RecordingRecord] = []

    def start(self, order: RecordingOrder) -> RecordingRecord:
        recording = RecordingRecord(self._call.account_sid, self._call.sid, order, self._line.now())
        self._network.recordings[recording.sid] = recording
        self.running.append(recording)
        self._report(recording)
        return recording

    def pause(self, recording: RecordingRecord, behavior: str) -> None:
        """`skip` leaves the time out of the recording, `silence` keeps it without a sound."""
        if recording.status == "in-progress":
            recording.pauses.append(Pause(self._line.now(), is_skipped=behavior == "skip"))
            recording.move_to("paused")

    def resume(self, recording: RecordingRecord) -> None:
        if recording.status == "paused":
            recording.pauses[-1].ends_at = self._line.now()
            recording.move_to("in-progress")

    def stop(self, recording: RecordingRecord, *, status: str = "processing") -> None:
        """Rendering and its callback follow in the background."""
        if recording in self.running:
            self.running.remove(recording)
            recording.end(self._line.now())
            recording.move_to(status)
            self._network.start_task(self._finish(recording))

    def stop_all(self) -> None:
        for recording in list(self.running):
            self.stop(recording)

    def drop_those_ordered_by_rest(self) -> None:
        """Record=true is silently ignored by Twilio once the call enters ConversationRelay."""
        for recording in [entry for entry in self.running if entry.order.source == BY_REST]:
            self.running.remove(recording)
            del self._network.recordings[recording.sid]
            self._call.complaints.append("Record=true is ignored with ConversationRelay: use <Start><Recording>")

    async def _finish(self, recording: RecordingRecord) -> None:
        """The file exists a while after the end, not at once."""
        ready_in = self._dice.uniform(*PROCESSING_SECONDS)
        order = self._render_order(recording)
        rendered = await self._network.renderer.render(order) if recording.seconds >= SHORTEST_SECONDS else None
        await self._network.pace.sleep(ready_in)
        if recording.sid not in self._network.recordings:
            order.path.unlink(missing_ok=True)
            return
        if rendered is None or rendered.is_silent:
            order.path.unlink(missing_ok=True)
            recording.finish("absent", seconds=0, error_code=SILENT if rendered else TOO_SHORT)
        else:
            recording.finish("completed", seconds=rendered.seconds, path=order.path)
        self._report(recording)

    def _render_order(self, recording: RecordingRecord) -> RenderOrder:
        skipped = [pause.span for pause in recording.pauses if pause.is_skipped]
        silenced = [pause.span for pause in recording.pauses if not pause.is_skipped]
        return RenderOrder(
            sounds=list(self._line.tape.sounds),
            starts_at=recording.starts_at,
            ends_at=recording.ends_at,
            channels=recording.order.channels,
            path=self._network.recordings_folder / f"{recording.sid}.wav",
            track=recording.order.track,
            trims_silence=recording.order.trim == "trim-silence",
            skipped=skipped,
            silenced=silenced,
        )

    def _report(self, recording: RecordingRecord) -> None:
        order = recording.order
        if order.callback is not None and recording.status in order.events:
            fields = recording.callback_fields(base_url=self._network.base_url)
            self._network.start_task(deliver(self._network, self._call, order.callback, fields))

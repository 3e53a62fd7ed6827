"""Recordings of one call: begun while it lives, rendered when it is over."""

import asyncio
from pathlib import Path

from simulator.handset.phone_line import PhoneLine
from simulator.handset.tape import render_recording
from simulator.network import Network
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import BY_REST, RecordingOrder
from simulator.twilio.recording_record import RecordingRecord
from simulator.twilio.status_callbacks import deliver

SHORTEST_SECONDS = 0.3
TOO_SHORT, SILENT = 16101, 16102
PROCESSING_SECONDS = 2.0


class Recorder:
    def __init__(self, network: Network, call: CallRecord, line: PhoneLine) -> None:
        self._network, self._call, self._line = network, call, line
        self._running: list[RecordingRecord] = []

    def start(self, order: RecordingOrder) -> RecordingRecord:
        recording = RecordingRecord(self._call.account_sid, self._call.sid, order, self._line.now())
        self._network.recordings[recording.sid] = recording
        self._running.append(recording)
        self._report(recording)
        return recording

    def stop(self, recording: RecordingRecord) -> None:
        """Rendering and its callback follow in the background."""
        if recording in self._running:
            self._running.remove(recording)
            recording.ends_at = self._line.now()
            recording.duration_seconds = round(recording.ends_at - recording.starts_at)
            recording.status = "processing"
            self._network.start_task(self._finish(recording))

    def stop_all(self) -> None:
        for recording in list(self._running):
            self.stop(recording)

    def drop_those_ordered_by_rest(self) -> None:
        """Record=true is silently ignored by Twilio once the call enters ConversationRelay."""
        for recording in [entry for entry in self._running if entry.order.source == BY_REST]:
            self._running.remove(recording)
            del self._network.recordings[recording.sid]
            self._call.complaints.append("Record=true is ignored with ConversationRelay: use <Start><Recording>")

    async def _finish(self, recording: RecordingRecord) -> None:
        seconds = (recording.ends_at or recording.starts_at) - recording.starts_at
        if seconds < SHORTEST_SECONDS:
            recording.finish("absent", seconds=0, error_code=TOO_SHORT)
        else:
            loop = asyncio.get_running_loop()
            path = await loop.run_in_executor(self._network.renderer, self._render, recording)
            recording.finish("completed", seconds=seconds, path=path)
        await self._network.pace.sleep(PROCESSING_SECONDS)
        self._report(recording)

    def _render(self, recording: RecordingRecord) -> Path:
        body = render_recording(
            self._line.tape,
            starts_at=recording.starts_at,
            ends_at=recording.ends_at or recording.starts_at,
            channels=recording.order.channels,
            synthesizer=self._network.synthesizer,
        )
        path = self._network.recordings_folder / f"{recording.sid}.wav"
        path.write_bytes(body)
        return path

    def _report(self, recording: RecordingRecord) -> None:
        order = recording.order
        if order.callback is not None and recording.status in order.events:
            fields = recording.callback_fields(base_url=self._network.base_url)
            self._network.start_task(deliver(self._network, self._call, order.callback, fields))

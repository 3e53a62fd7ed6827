"""What one call was like: its conversation, how fast the application was, what it did wrong."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from simulator.network import Network
from simulator.twilio.call_record import CallRecord
from simulator.twilio.recording_record import RecordingRecord

ENDINGS = {
    "person": "the person hung up",
    "application": "the application ended it",
    "rest": "it was hung up by REST",
    "time-limit": "the time limit ended it",
    "carrier": "the line ended it",
}


@dataclass(frozen=True)
class Timing:
    """`what` the application was asked, `milliseconds` until its answer; None when none came."""

    what: str
    milliseconds: float | None


@dataclass
class Report:
    call: dict[str, Any]
    persona: str
    ended_by: str
    transcript: list[dict[str, Any]]
    timings: list[Timing]
    webhooks: list[dict[str, Any]]
    complaints: list[str]
    recordings: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"

    def as_text(self) -> str:
        call = self.call
        lasted = f" after {call['duration']} s" if call["duration"] else ""
        parts = [f"\n{call['status']}{lasted}: {ENDINGS.get(self.ended_by, self.ended_by)} ({self.persona})\n"]
        spent = [webhook_text(entry) for entry in self.webhooks] + [timing_text(timing) for timing in self.timings]
        parts += section("Timings", spent)
        parts += section("Recordings", [recording_text(entry) for entry in self.recordings])
        parts += section("Complaints", self.complaints or ["none"])
        return "".join(parts)


def section(heading: str, rows: list[str]) -> list[str]:
    return [f"\n{heading}\n", *(f"  {row}\n" for row in rows)] if rows else []


def timing_text(timing: Timing) -> str:
    spent = "no answer" if timing.milliseconds is None else f"{timing.milliseconds:.0f} ms"
    return f"{spent:>10}  {timing.what}"


def webhook_text(webhook: dict[str, Any]) -> str:
    """The answer's status or, when there was no usable one, Twilio's error code; at the end, what the call was then."""
    answer = f"error {webhook['error_code']}" if webhook["status"] is None else webhook["status"]
    status = f" ({webhook['call_status']})" if webhook["call_status"] else ""
    return f"{webhook['milliseconds']:>7} ms  {answer} {webhook['method']} {webhook['url']}{status}"


def recording_text(recording: dict[str, Any]) -> str:
    where = recording["file"] or "not kept: name a folder with --state-dir"
    return f"{recording['status']}, {recording['duration'] or 0} s: {where}"


def make_report(network: Network, call: CallRecord) -> Report:
    return Report(
        call=call.body(speed=network.pace.speed),
        persona=call.persona,
        ended_by=call.ended_by,
        transcript=[vars(line) for line in call.transcript if line.text],
        timings=read_timings(network, call),
        webhooks=call.summary()["webhooks"],
        complaints=list(call.complaints),
        recordings=[
            {**entry.body(base_url=network.base_url), "file": kept_file(network, entry)}
            for entry in network.recordings.values()
            if entry.call_sid == call.sid
        ],
    )


def kept_file(network: Network, recording: RecordingRecord) -> str | None:
    """Without --state-dir the files are gone when the program ends."""
    return str(recording.path) if network.options.state_dir and recording.path else None


def read_timings(network: Network, call: CallRecord) -> list[Timing]:
    """In the order of the call: from the words that were sent to the first ones back, turn by turn."""
    relay = [
        Timing(f"turn {count}: first words", milliseconds(turn.prompt_sent_at, turn.first_text_at))
        for count, turn in enumerate(of_call(network.timings.relay_turns, call), 1)
        if not turn.overtaken
    ]
    gather = [
        Timing(f"turn {count}: document from {turn.action_url}", milliseconds(turn.posted_at, turn.twiml_at))
        for count, turn in enumerate(of_call(network.timings.gather_turns, call), 1)
    ]
    return relay + gather


def of_call(turns: list[Any], call: CallRecord) -> list[Any]:
    return [turn for turn in turns if turn.call_sid == call.sid]


def milliseconds(began: float, ended: float | None) -> float | None:
    return None if ended is None else round((ended - began) * 1000, 1)

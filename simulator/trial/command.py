"""python -m simulator call: one call to anybody's TwiML application, told as it happens."""

import asyncio
import sys
import time

from multidict import MultiDict

from simulator.network import Network
from simulator.options import Options
from simulator.server import running_network, stop_signal
from simulator.trial.options import Trial
from simulator.trial.report import make_report
from simulator.twilio.call_form import read_call_request
from simulator.twilio.call_record import CallRecord
from simulator.twilio.errors import TwilioError

LOOK_SECONDS = 0.05
LATE_NEWS_SECONDS = 20.0
REFUSED, COMPLAINED, FINE = 2, 1, 0


async def make_trial_call(options: Options, trial: Trial) -> int:
    """Returns the exit code. Ctrl-C hangs up and still tells what happened."""
    stopped = stop_signal()
    async with running_network(options) as network:
        if trial.persona:
            network.population.pin(trial.to, trial.persona)
        try:
            call = network.exchange.accept(read_call_request(MultiDict(trial.form()), {}))
        except TwilioError as error:
            sys.stderr.write(f"simulator: {error.code} {error.message}\n")
            return REFUSED
        await follow(network, call, stopped, is_told=not trial.as_json)
        await network.settle(network.pace.wait_seconds(LATE_NEWS_SECONDS, at_least=1.0))
        report = make_report(network, call)
    sys.stdout.write(report.as_json() if trial.as_json else report.as_text())
    return COMPLAINED if report.complaints else FINE


async def follow(network: Network, call: CallRecord, stopped: asyncio.Event, *, is_told: bool) -> None:
    """Until the call is over."""
    narrator = Narrator(network, call)
    while not call.is_final:
        if is_told:
            narrator.tell()
        if stopped.is_set() and call.sid in network.handsets:
            network.handsets[call.sid].hang_up("rest")
        await asyncio.sleep(LOOK_SECONDS)
    if is_told:
        narrator.tell()


class Narrator:
    """Seconds count from the dialling. A line is told once nobody speaks, because until then it may still grow."""

    def __init__(self, network: Network, call: CallRecord) -> None:
        self._pace, self._call = network.pace, call
        self._line = network.handsets[call.sid].line
        self._began = time.monotonic()
        self._status = ""
        self._told = 0

    def tell(self) -> None:
        if not self._call.is_final:
            self._tell_status()
        if self._call.is_final or not self._line.somebody_sounds:
            self._tell_lines()
        self._tell_status()

    def _tell_status(self) -> None:
        if self._call.status != self._status:
            self._status = self._call.status
            self._write(self._pace.natural_since(self._began), "", self._status)

    def _tell_lines(self) -> None:
        answered = (self._line.answered_at - self._began) * self._pace.speed
        for line in self._call.transcript[self._told :]:
            self._write(answered + line.at, line.speaker, line.text)
        self._told = len(self._call.transcript)

    def _write(self, at: float, speaker: str, text: str) -> None:
        if text:
            sys.stdout.write(f"{at:7.1f}  {speaker:<9}  {text}\n")
            sys.stdout.flush()

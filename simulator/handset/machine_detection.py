"""Answering machine detection: https://www.twilio.com/docs/voice/answering-machine-detection.

Long speech at the beginning is a machine's, short speech and then silence a human's: like Twilio's, it hears only how
long who picked up speaks, and may be mistaken.
"""

import asyncio
from dataclasses import dataclass

from simulator.handset.context import HandsetContext
from simulator.handset.detection_rules import Verdict, judge
from simulator.people.person import Person
from simulator.twilio.status_callbacks import deliver

LOOKS_EVERY_SECONDS = 0.5
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Hearing:
    """Seconds are counted from the answer."""

    context: HandsetContext
    person: Person

    async def listen(self) -> Verdict | None:
        """None when the call ended before there was a verdict: whether Twilio then tells one is not documented."""
        line, request = self.context.line, self.context.request
        while not line.ended.done():
            now = line.now()
            may_be_silent = not self.person.pick_up_words or self.person.persona.is_silent
            found = judge(line.tape.sounds, request, kind=self.person.persona.machine, may_be_silent=may_be_silent)
            verdict = found or Verdict(UNKNOWN, request.detection_timeout_seconds)
            if verdict.after_seconds > request.detection_timeout_seconds:
                verdict = Verdict(UNKNOWN, request.detection_timeout_seconds)
            if now >= verdict.after_seconds:
                return verdict
            await self._wait(min(LOOKS_EVERY_SECONDS, verdict.after_seconds - now))
        return None

    async def _wait(self, seconds: float) -> None:
        await asyncio.wait({self.context.line.ended}, timeout=self.context.network.pace.wait_seconds(seconds))


async def detect(context: HandsetContext, person: Person) -> Verdict | None:
    """Waits as long as detection takes, notes the verdict on the call and reports it if asked."""
    verdict = await Hearing(context, person).listen()
    verdict = await suffer_faults(context, verdict)
    if verdict is None:
        return None
    context.call.answered_by = verdict.answered_by
    request = context.request
    if request.detection_is_async and request.detection_callback:
        fields = {"CallSid": context.call.sid, "AccountSid": context.call.account_sid} | verdict.fields()
        await deliver(context.network, context.call, request.detection_callback, fields)
    return verdict


async def suffer_faults(context: HandsetContext, verdict: Verdict | None) -> Verdict | None:
    """A verdict may be wrong, or come so late that nobody is on the line any more."""
    faults, number = context.network.faults, context.call.to
    if verdict is not None and faults.strikes("detection_verdict", number=number):
        verdict = Verdict(faults.detection_verdict, verdict.after_seconds)
    if faults.strikes("late_detection_ms", number=number):
        late = faults.late_detection_ms / 1000
        await context.network.pace.sleep(late)
        before = verdict or Verdict(UNKNOWN, context.line.now() - late)
        verdict = Verdict(before.answered_by, before.after_seconds + late)
    return verdict

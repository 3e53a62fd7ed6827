"""Answering machine detection: https://www.twilio.com/docs/voice/answering-machine-detection."""

from dataclasses import dataclass

from simulator.handset.context import HandsetContext
from simulator.handset.phone_line import speech_seconds
from simulator.people.person import Person
from simulator.twilio.status_callbacks import deliver

HUMAN_PAUSE_SECONDS = 1.2
MACHINE_EVIDENCE_SECONDS = 3.4
BEEP_NOTICED_SECONDS = 0.4
SHORTEST_VERDICT_SECONDS = 2.0


@dataclass(frozen=True)
class Verdict:
    answered_by: str
    after_seconds: float

    def fields(self) -> dict[str, str]:
        return {
            "AnsweredBy": self.answered_by,
            "MachineDetectionDuration": str(int(self.after_seconds * 1000)),
        }


def judge(person: Person, *, detection: str, timeout_seconds: int) -> Verdict:
    """What Twilio will believe, and how long after the answer."""
    greeting = speech_seconds(person.pick_up_words)
    if not person.persona.is_machine:
        kind, after = "human", max(SHORTEST_VERDICT_SECONDS, greeting + HUMAN_PAUSE_SECONDS)
    elif detection == "DetectMessageEnd":
        kind, after = "machine_end_beep", greeting + BEEP_NOTICED_SECONDS
    else:
        kind, after = "machine_start", MACHINE_EVIDENCE_SECONDS
    return Verdict("unknown", timeout_seconds) if after > timeout_seconds else Verdict(kind, after)


async def detect(context: HandsetContext, person: Person) -> Verdict:
    """Waits as long as detection takes, notes the verdict on the call and reports it if asked."""
    request = context.request
    verdict = judge(person, detection=request.detection, timeout_seconds=request.detection_timeout_seconds)
    await context.network.pace.sleep(verdict.after_seconds)
    context.call.answered_by = verdict.answered_by
    if request.detection_is_async and request.detection_callback:
        fields = {"CallSid": context.call.sid, "AccountSid": context.call.account_sid} | verdict.fields()
        await deliver(context.network, context.call, request.detection_callback, fields)
    return verdict

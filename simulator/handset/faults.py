"""What goes wrong on the line and in the carrier's own machines while a call lasts."""

from dataclasses import dataclass


@dataclass
class HandsetFaults:
    """unheard_speech: the recogniser makes nothing of what was said, and <Gather> ends empty.

    speech_confidence: told instead of the usual 0.82 to 0.97.
    missing_confidence: the share of results that come without a Confidence.
    detection_verdict: what answering machine detection finds instead of the truth, such as "machine_start".
    late_detection_ms: how much later it finds it, even when the call is over by then.
    ringing_after_ms, busy_after_ms, unreachable_after_ms: the carrier's own pace, as people live it: from the
    dialling to the ringing, and from there to what the carrier tells of a line that is busy or dead.
    """

    unheard_speech: bool = False
    speech_confidence: float = 0.0
    missing_confidence: float = 0.05
    detection_verdict: str = ""
    late_detection_ms: float = 0.0
    ringing_after_ms: float = 800.0
    busy_after_ms: float = 1500.0
    unreachable_after_ms: float = 1000.0

"""What calls and recordings cost the account, in millionths of a dollar."""

import math

from simulator.network import Network
from simulator.twilio.recording_record import RecordingRecord

RECORDED_MINUTE_MICROS = 2_500


def settle(network: Network) -> None:
    """Charges whatever has ended since."""
    for call in network.calls.values():
        network.account.charge(call.sid, call.cost_micros())
    for recording in network.recordings.values():
        network.account.charge(recording.sid, recording_micros(recording))


def recording_micros(recording: RecordingRecord) -> int:
    """Every started minute of those that have something in them."""
    if recording.status != "completed":
        return 0
    return math.ceil((recording.duration_seconds or 0) / 60) * RECORDED_MINUTE_MICROS

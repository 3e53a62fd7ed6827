"""What every part of one handset needs to reach."""

from dataclasses import dataclass

from simulator.call_record import CallRecord
from simulator.call_request import CallRequest
from simulator.network import Network
from simulator.phone_line import PhoneLine
from simulator.recorder import Recorder
from simulator.timings import GatherTurn


@dataclass
class HandsetContext:
    network: Network
    call: CallRecord
    request: CallRequest
    line: PhoneLine
    recorder: Recorder
    gather_turn: GatherTurn | None = None

    def take_gather_turn(self) -> GatherTurn | None:
        """The turn that waits for its first clip, once."""
        turn, self.gather_turn = self.gather_turn, None
        return turn

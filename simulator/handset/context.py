"""What every part of one handset needs to reach."""

import random
from dataclasses import dataclass, field

from simulator.handset.phone_line import PhoneLine
from simulator.handset.recorder import Recorder
from simulator.network import Network
from simulator.timings import GatherTurn
from simulator.twilio.call_cookies import CallCookies
from simulator.twilio.call_record import CallRecord
from simulator.twilio.call_request import CallRequest


@dataclass
class HandsetContext:
    network: Network
    call: CallRecord
    request: CallRequest
    line: PhoneLine
    recorder: Recorder
    dice: random.Random
    gather_turn: GatherTurn | None = None
    cookies: CallCookies = field(default_factory=CallCookies)

    def take_gather_turn(self) -> GatherTurn | None:
        """The turn that waits for its first clip, once."""
        turn, self.gather_turn = self.gather_turn, None
        return turn

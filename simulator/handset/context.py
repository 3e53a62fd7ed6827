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
    """`lot` decides whatever chance decides: the same network dials the same number with the same one."""

    network: Network
    call: CallRecord
    request: CallRequest
    line: PhoneLine
    recorder: Recorder
    lot: str
    gather_turn: GatherTurn | None = None
    cookies: CallCookies = field(default_factory=CallCookies)

    def __post_init__(self) -> None:
        self._dice: dict[str, random.Random] = {}

    def dice(self, purpose: str) -> random.Random:
        """Of its own for each purpose, so that how often one is asked changes nothing for the others."""
        return self._dice.setdefault(purpose, random.Random(f"{self.lot}|{purpose}"))

    def take_gather_turn(self) -> GatherTurn | None:
        """The turn that waits for its first clip, once."""
        turn, self.gather_turn = self.gather_turn, None
        return turn

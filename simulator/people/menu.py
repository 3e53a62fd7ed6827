"""The places of a machine that is led by keys or words: an IVR, a call screener."""

from dataclasses import dataclass
from typing import Literal

MenuEnding = Literal["", "person", "beep", "hang-up"]


@dataclass(frozen=True)
class Place:
    """What the machine says there and where it goes next; the first place is called `start`.

    say: one of these sentences. wait_seconds: silence after it, as when a call is put through.
    keys: place by key, such as `1 = "sales"`. words: place by regular expression, searched in what was heard.
    otherwise: where to go when neither came within `timeout_seconds`, or something else did; empty: this place again.
    goes_to: places by share, drawn at once without listening.
    visits: how often this place is spoken in a row before the machine hangs up.
    then: `person` hands the call to the persona's own steps and words, `beep` records a message, `hang-up` ends.
    """

    name: str
    say: tuple[str, ...] = ()
    wait_seconds: float = 0.0
    keys: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    otherwise: str = ""
    goes_to: tuple[tuple[str, float], ...] = ()
    timeout_seconds: float = 5.0
    visits: int = 3
    then: MenuEnding = ""

    def targets(self) -> list[str]:
        named = [place for _, place in self.keys + self.words] + [place for place, _ in self.goes_to]
        return named + ([self.otherwise] if self.otherwise else [])

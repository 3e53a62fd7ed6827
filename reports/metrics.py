"""What the figures of a report mean. Only placed calls count: those that the carrier was asked to make.

- answered: something picked up, be it a person, a voicemail or a machine;
- answer rate: answered / placed; human rate: answered by a person / placed;
- mean length: of the answered calls that have ended, from the answer to the end.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    placed: int = 0
    answered: int = 0
    human: int = 0
    talk_seconds: int = 0
    timed: int = 0
    """Answered calls whose length is known, of which `talk_seconds` is the sum."""

    @property
    def answer_rate(self) -> float | None:
        """A share between 0 and 1; None where nothing was placed."""
        return _share(self.answered, self.placed)

    @property
    def human_rate(self) -> float | None:
        return _share(self.human, self.placed)

    @property
    def mean_seconds(self) -> int | None:
        mean = _share(self.talk_seconds, self.timed)
        return None if mean is None else round(mean)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

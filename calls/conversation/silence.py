"""What is said when the person says nothing: ask once, then say goodbye."""

from collections.abc import Sequence

from calls.conversation.lines import Line
from calls.models import Turn, TurnKind


def answer_to_silence(turns: Sequence[Turn]) -> Line:
    """Given the turns so far: the question, or the farewell when the last turn was silent already."""
    was_silent = bool(turns) and turns[-1].kind == TurnKind.SILENCE
    return Line.NOBODY_THERE if was_silent else Line.STILL_THERE

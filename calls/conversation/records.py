"""A turn's row: claimed by one worker, written once when it is over, corrected when the person interrupted."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError

from callcenter import clock
from callcenter.live import nudge
from calls.models import Turn, TurnKind, TurnStatus


def earlier_turns(call_id: UUID | str, sequence: int) -> list[Turn]:
    return list(Turn.objects.filter(call_id=call_id, sequence__lt=sequence).order_by("sequence"))


def claim_turn(*, call_id: UUID | str, sequence: int, heard: str, attempt: int, asked_at: float) -> Turn | None:
    """The turn, if this attempt at it may go on; None when another worker has it, or has finished it.

    A later attempt takes over only what was claimed before it was asked for: a worker that began since then is alive.
    """
    kind = TurnKind.REPLY if heard else TurnKind.SILENCE
    turn = Turn(call_id=call_id, sequence=sequence, heard=heard, attempt=attempt, kind=kind)
    try:
        turn.save(force_insert=True)
    except IntegrityError:
        return _take_over(call_id, sequence, attempt, asked_at)
    return turn


def _take_over(call_id: UUID | str, sequence: int, attempt: int, asked_at: float) -> Turn | None:
    abandoned = Turn.objects.filter(call_id=call_id, sequence=sequence, attempt__lt=attempt, status=TurnStatus.PENDING)
    turn = abandoned.first()
    if turn is None or turn.at.timestamp() > asked_at:
        return None
    taken = abandoned.filter(attempt=turn.attempt).update(attempt=attempt)
    turn.attempt = attempt
    return turn if taken else None


def store_turn(turn: Turn, *, said: str, **fields: Any) -> None:
    """Write what became of the turn, unless a later attempt owns it; words that were cut short stay as heard."""
    own = Turn.objects.filter(pk=turn.pk, attempt=turn.attempt)
    if not own.filter(was_interrupted=False).update(said=said, **fields):
        own.update(**{name: value for name, value in fields.items() if name != "was_interrupted"})
    nudge(f"calls/{turn.call_id}")


def keep_heard(*, call_id: UUID | str, sequence: int, heard: str) -> None:
    """The person interrupted: the turn says only what they heard."""
    Turn.objects.filter(call_id=call_id, sequence=sequence).update(said=heard, was_interrupted=True)
    nudge(f"calls/{call_id}")


def add_turn(*, call_id: UUID | str, sequence: int, said: str, kind: TurnKind, heard: str = "") -> None:
    """A turn that needs no model, already spoken. Adding it twice changes nothing."""
    Turn.objects.bulk_create(
        [
            Turn(
                call_id=call_id,
                sequence=sequence,
                kind=kind,
                status=TurnStatus.DONE,
                heard=heard,
                said=said,
                at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
    nudge(f"calls/{call_id}")

"""Asking the workers for a turn. Quick, without a database: the sockets and the webhooks both call it."""

from functools import cache
from typing import Any
from uuid import UUID

from rq import Queue

from callcenter import clock
from callcenter.redis_clients import impatient_redis
from calls import turn_stream

QUEUE = "turns"
TURN_SECONDS = 30
LONGEST_EXCHANGE_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 3600
"""A job whose call is long over is forgotten, and with it what was said."""


@cache
def turns_queue() -> Queue:
    return Queue(QUEUE, connection=impatient_redis(LONGEST_EXCHANGE_SECONDS))


def ask_for_turn(
    *, call_id: UUID | str, sequence: int, heard: str, attempt: int = 1, may_be_asked_again: bool = False
) -> None:
    """Enqueue a turn; `heard` is empty when the person said nothing. Asking twice is harmless.

    `may_be_asked_again` keeps the words for a door that waits for the turn without knowing them.
    """
    if may_be_asked_again:
        turn_stream.redis().set(turn_stream.asked_key(call_id, sequence), heard, ex=turn_stream.CLIP_TTL_SECONDS)
    _enqueue("run_turn", str(call_id), sequence, heard, attempt, clock.now().timestamp())


def ask_to_keep_heard(*, call_id: UUID | str, sequence: int, heard: str) -> None:
    """Let the stored turn say only what the person heard before they interrupted."""
    _enqueue("keep_heard", str(call_id), sequence, heard)


def ask_for_opening(*, call_id: UUID | str, texts: list[str]) -> None:
    """Let a worker speak the opening's missing sentences as the clips of turn 0."""
    _enqueue("speak_opening", str(call_id), texts)


def ask_for_clips(*, call_id: UUID | str, texts: list[str]) -> None:
    """Let a worker make fixed sentences in the call's voice, for later."""
    _enqueue("make_clips", str(call_id), texts)


def ask_for_fixed_clips(*, script_id: int) -> None:
    """Let a worker make what every call of this script says."""
    _enqueue("make_fixed_clips", script_id)


def ask_to_end(*, call_id: UUID | str, reason: str) -> None:
    """Let a worker hang the live call up over the carrier's REST interface."""
    _enqueue("end_live_call", str(call_id), reason)


def _enqueue(job: str, *args: Any) -> None:
    turns_queue().enqueue_call(
        f"calls.conversation.jobs.{job}",
        args=args,
        timeout=TURN_SECONDS,
        result_ttl=0,
        ttl=LONGEST_WAIT_SECONDS,
        description=job,
    )

"""Ending a call over `gather` once its farewell has been played.

The carrier was told to listen after the last clip, before anybody knew that it would be the last. Nobody tells when a
clip has been played, so it is reckoned: from the moment the first was handed over, as long as all of them sound.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache

from calls import turn_stream
from calls.conversation import dispatch
from calls.conversation.rescue import end_politely
from calls.sockets.connections import off_the_loop, redis
from calls.sockets.rescuing import rescue
from calls.sound import SAMPLES_PER_SECOND

MARGIN_SECONDS = 0.7
REMEMBERED_TURNS = 2000

Turn = tuple[str, int]


@cache
def _begun() -> OrderedDict[Turn, float]:
    return OrderedDict()


@cache
def _given_up() -> OrderedDict[Turn, None]:
    return OrderedDict()


@cache
def _endings() -> dict[Turn, asyncio.Task[None]]:
    return {}


def note_playing(call_id: str, sequence: int) -> None:
    """A clip of this turn goes out to be played."""
    _begun().setdefault((call_id, sequence), asyncio.get_running_loop().time())
    while len(_begun()) > REMEMBERED_TURNS:
        _begun().popitem(last=False)


def end_after(call_id: str, sequence: int, clips: Sequence[str], reason: str) -> None:
    """Hang up when these clips, all that the turn has, have been played; asked for several times, once."""
    turn = (call_id, sequence)
    if turn not in _endings():
        task = asyncio.create_task(_end(turn, clips, reason))
        _endings()[turn] = task
        task.add_done_callback(lambda _: _endings().pop(turn))


def end_now(call_id: str, sequence: int, heard: str) -> None:
    """Apologise and hang up: nobody answers this turn. Each of its addresses may ask, the first one counts."""
    turn = (call_id, sequence)
    if sequence and turn not in _given_up():
        _given_up()[turn] = None
        rescue(end_politely, call_id=call_id, sequence=sequence, heard=heard)
    while len(_given_up()) > REMEMBERED_TURNS:
        _given_up().popitem(last=False)


async def _end(turn: Turn, clips: Sequence[str], reason: str) -> None:
    now = asyncio.get_running_loop().time()
    begun_at = _begun().pop(turn, now)
    sizes = [await redis().strlen(turn_stream.clip_key(key)) for key in clips]
    await asyncio.sleep(max(0.0, begun_at + sum(sizes) / SAMPLES_PER_SECOND - now) + MARGIN_SECONDS)
    await off_the_loop(dispatch.ask_to_end, call_id=turn[0], reason=reason)

"""The turn stream: one Redis stream a call, between the worker that thinks and the door that speaks.

A reader that connects late, or comes back, starts from the last entry it saw and misses nothing. A cancel key for
each turn says that the person interrupted, and what had been heard until then; nothing of a turn is published after
it. Everything here may be lost with Redis: the record of a call is in the database.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import RedisError

from callcenter import clock
from callcenter.redis_clients import impatient_redis

BEGINNING = "0-0"
MAX_ENTRIES = 400
TTL_SECONDS = 3600
CLIP_TTL_SECONDS = 300
BLOCK_MS = 30_000
LATELY_SECONDS = 120
GIVEN_UP_ATTEMPT = 99
"""Later than every attempt that a worker makes."""
LONGEST_COMMAND_SECONDS = 1.0

# Publishing and asking for the cancel key is one step: what the person talked over can never follow it.
PUBLISH_UNLESS_CANCELED = """
local heard = redis.call('GET', KEYS[2])
if heard then return heard end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*',
           'kind', ARGV[2], 'sequence', ARGV[3], 'attempt', ARGV[4], 'text', ARGV[5])
return nil
"""


class EntryKind(StrEnum):
    STARTED = "started"
    WORDS = "words"
    CLIP = "clip"
    ENDS_CALL = "ends_call"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Entry:
    """`text` holds the words, the clip's key, or why the call ends."""

    id: str
    kind: EntryKind
    sequence: int
    attempt: int
    text: str


class TurnCanceled(Exception):
    """The person interrupted; `heard` is what they had heard of the assistant's words until then."""

    def __init__(self, heard: str) -> None:
        super().__init__("turn canceled")
        self.heard = heard


def stream_key(call_id: UUID | str) -> str:
    return f"turns:{call_id}"


def cancel_key(call_id: UUID | str, sequence: int) -> str:
    return f"turns:{call_id}:{sequence}:canceled"


def filler_key(call_id: UUID | str, sequence: int) -> str:
    """What the door said itself while a turn was late."""
    return f"turns:{call_id}:{sequence}:filler"


def asked_key(call_id: UUID | str, sequence: int) -> str:
    """What was heard, kept so that the waiting clip can ask for the turn again."""
    return f"turns:{call_id}:{sequence}:heard"


def clip_key(key: str) -> str:
    return f"clips:{key}"


@cache
def redis() -> Redis:
    """This process's persistent client for synchronous code."""
    return impatient_redis(LONGEST_COMMAND_SECONDS)


class TurnWriter:
    """What one attempt at a turn publishes. Every method but `done` raises `TurnCanceled` once it is canceled."""

    def __init__(self, *, call_id: UUID | str, sequence: int, attempt: int) -> None:
        self._stream = stream_key(call_id)
        self._cancel = cancel_key(call_id, sequence)
        self.sequence = sequence
        self._attempt = attempt
        self._publish_script = redis().register_script(PUBLISH_UNLESS_CANCELED)

    def started(self) -> None:
        """The sign of life that the door waits for."""
        self._publish(EntryKind.STARTED)

    def words(self, text: str) -> None:
        self._publish(EntryKind.WORDS, text)

    def clip(self, key: str, sound: bytes) -> None:
        """A sentence's sound is ready: a WAV file, handed over through Redis, for the door reads no files."""
        redis().set(clip_key(key), sound, ex=CLIP_TTL_SECONDS)
        self._publish(EntryKind.CLIP, key)

    def ends_call(self, reason: str) -> None:
        """After these words the call ends."""
        self._publish(EntryKind.ENDS_CALL, reason)

    def done(self) -> None:
        fields: dict[Any, Any] = {
            "kind": EntryKind.DONE,
            "sequence": self.sequence,
            "attempt": self._attempt,
            "text": "",
        }
        with redis().pipeline(transaction=False) as pipeline:
            pipeline.xadd(self._stream, fields, maxlen=MAX_ENTRIES)
            pipeline.expire(self._stream, TTL_SECONDS)
            pipeline.execute()

    def _publish(self, kind: EntryKind, text: str = "") -> None:
        heard = self._publish_script(
            keys=[self._stream, self._cancel], args=[MAX_ENTRIES, kind, self.sequence, self._attempt, text]
        )
        if heard is not None:
            raise TurnCanceled(heard.decode())


def filler_of(call_id: UUID | str, sequence: int) -> str:
    """What the door said itself before this turn's words; empty when they came in time, or without Redis."""
    try:
        filler: Any = redis().get(filler_key(call_id, sequence))
    except RedisError:
        return ""
    return filler.decode() if filler else ""


def words_so_far(call_id: UUID | str, sequence: int) -> str:
    """What the assistant has said of a turn that is still being spoken, for the staff's page; empty without Redis."""
    try:
        raw: Any = redis().xrange(stream_key(call_id), min=lately())
    except RedisError:
        return ""
    entries = [_entry(raw_id, fields) for raw_id, fields in raw]
    return "".join(entry.text for entry in entries if entry.sequence == sequence and entry.kind == EntryKind.WORDS)


def async_redis() -> AsyncRedis:
    """A client for the sockets' loop; every call that is being listened to occupies one of its connections."""
    return AsyncRedis.from_url(settings.REDIS_URL, max_connections=10_000, socket_timeout=None)


async def follow(client: AsyncRedis, call_id: UUID | str, *, after: str = BEGINNING) -> AsyncGenerator[Entry, None]:
    """Entries of a call's stream, for ever: those after an id first, then new ones as they come."""
    key = stream_key(call_id)
    while True:
        streams: Any = await client.xread({key: after}, block=BLOCK_MS)
        for _, entries in streams or ():
            for raw_id, fields in entries:
                entry = _entry(raw_id, fields)
                after = entry.id
                yield entry


def lately() -> str:
    """An id before everything that a turn of the last minutes published."""
    return f"{int((clock.now().timestamp() - LATELY_SECONDS) * 1000)}-0"


async def cancel(client: AsyncRedis, call_id: UUID | str, sequence: int, *, heard: str) -> None:
    await client.set(cancel_key(call_id, sequence), heard, ex=TTL_SECONDS)


async def give_up(client: AsyncRedis, call_id: UUID | str, sequence: int) -> None:
    """Nobody will answer this turn: whoever still waits for it learns so, and no late worker speaks.

    A late worker makes the clips of the opening (turn 0) even so: the next call needs them.
    """
    if sequence:
        await cancel(client, call_id, sequence, heard="")
    fields: dict[Any, Any] = {"kind": EntryKind.DONE, "sequence": sequence, "attempt": GIVEN_UP_ATTEMPT, "text": ""}
    await client.xadd(stream_key(call_id), fields, maxlen=MAX_ENTRIES)
    await client.expire(stream_key(call_id), TTL_SECONDS)


def cancel_now(call_id: UUID | str, sequence: int, *, heard: str) -> None:
    """As `cancel`, for synchronous code."""
    redis().set(cancel_key(call_id, sequence), heard, ex=TTL_SECONDS)


async def note_filler(client: AsyncRedis, call_id: UUID | str, sequence: int, text: str) -> None:
    await client.set(filler_key(call_id, sequence), text, ex=TTL_SECONDS)


async def asked_words(client: AsyncRedis, call_id: UUID | str, sequence: int) -> str | None:
    """What was heard when the turn was asked for; None when it was never asked for."""
    heard: Any = await client.get(asked_key(call_id, sequence))
    return None if heard is None else heard.decode()


async def fetch_clip(client: AsyncRedis, key: str) -> bytes | None:
    sound: Any = await client.get(clip_key(key))
    return sound if isinstance(sound, bytes) else None


def _entry(raw_id: bytes, fields: dict[bytes, bytes]) -> Entry:
    return Entry(
        id=raw_id.decode(),
        kind=EntryKind(fields[b"kind"].decode()),
        sequence=int(fields[b"sequence"]),
        attempt=int(fields[b"attempt"]),
        text=fields[b"text"].decode(),
    )

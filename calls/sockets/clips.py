"""A turn's sentences as sound: each address waits until its sentence exists, then answers it at once.

What the carrier plays must never fail: a sentence that is never made is answered with a moment of silence. When nobody
answers the turn at all, the carrier's own voice apologises and the call ends.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from calls import turn_stream
from calls.signatures import secret_matches
from calls.sockets.connections import redis
from calls.sockets.hanging_up import end_after, end_now, note_playing
from calls.sockets.waiting_turn import WaitingTurn
from calls.sound import silence

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

CLIP_PATH = re.compile(r"^/telephony/([0-9a-f-]{36})/([0-9a-f]+)/clips/(\d{1,5})/(\d{1,2})\.wav$")
SILENCE_MS = 20

log = structlog.get_logger(__name__)


async def http_application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI: the clips, and 404 for everything else."""
    match = CLIP_PATH.match(scope["path"])
    if scope["method"] not in ("GET", "HEAD") or not match or not secret_matches(UUID(match[1]), match[2]):
        await _answer(send, status=404, body=b"", content_type=b"text/plain")
        return
    sound = await sentence_sound(match[1], sequence=int(match[3]), position=int(match[4]))
    await _answer(send, status=200, body=sound, content_type=b"audio/wav")


async def sentence_sound(call_id: str, *, sequence: int, position: int) -> bytes:
    """The sound of a turn's sentence (counted from 1), or silence when there is none or it is late."""
    turn = WaitingTurn(call_id, sequence, position)
    try:
        key = await turn.clip_key()
        sound = await turn_stream.fetch_clip(redis(), key) if key else None
    except RedisError as error:
        log.warning("redis_failed", call=call_id, error=type(error).__name__)
        turn.is_given_up, sound = True, None
    if sound:
        note_playing(call_id, sequence)
    elif turn.is_given_up:
        end_now(call_id, sequence, turn.heard)
    elif turn.end_reason:
        end_after(call_id, sequence, turn.clips, turn.end_reason)
    return sound or silence(SILENCE_MS)


async def _answer(send: Send, *, status: int, body: bytes, content_type: bytes) -> None:
    headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

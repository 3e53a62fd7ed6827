"""The staff's sockets: a signed-in page asks to be told when a topic changes.

The loop that carries them carries live calls too: the only work with the ORM is done at connect, in a thread.
A socket sends nothing but the word `changed`, at most four times a second.
"""

import asyncio
from contextlib import aclosing
from typing import Any
from uuid import UUID

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import path
from redis.asyncio import Redis
from redis.exceptions import RedisError

from accounts.models import User
from callcenter.live import channel
from calls.models import Call
from campaigns.models import Campaign

PAUSE_SECONDS = 0.25
"""Between two messages to one page: four renders a second at most."""
FORBIDDEN = 4403
TRY_AGAIN_LATER = 1013
RECORDS: dict[str, type[Call] | type[Campaign]] = {"calls": Call, "campaigns": Campaign}
WHOLE_ROOMS = {"home": "", "calls": "calls.view_call", "campaigns": "campaigns.view_campaign"}
"""Topics that are no single record -> the permission to listen (empty: every signed-in user)."""


class LiveSocket(AsyncWebsocketConsumer):
    """Listens to one topic on behalf of one page."""

    work: list[asyncio.Task[None]]

    async def connect(self) -> None:
        self.work = []
        self.nudged = asyncio.Event()
        topic = self.scope["url_route"]["kwargs"]["topic"]
        if not await may_listen(self.scope["user"], topic):
            await self.close(FORBIDDEN)
            return
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.work = [asyncio.create_task(self._listen(topic, ready)), asyncio.create_task(self._pass_on())]
        await ready
        await self.accept()

    async def disconnect(self, code: int) -> None:
        for task in self.work:
            task.cancel()
        await asyncio.gather(*self.work, return_exceptions=True)

    async def _listen(self, topic: str, ready: asyncio.Future[None]) -> None:
        """Without Redis the socket closes, and the page asks by itself until it can open another."""
        try:
            async with Redis.from_url(settings.REDIS_URL) as redis, redis.pubsub() as pubsub:
                await pubsub.subscribe(channel(topic))
                async with aclosing(pubsub.listen()) as messages:
                    async for _message in messages:
                        self._hear(ready)
        except RedisError:
            self._hear(ready)
            await self.close(TRY_AGAIN_LATER)

    def _hear(self, ready: asyncio.Future[None]) -> None:
        """The first message confirms the subscription; so does one after a lost connection, which hid nudges."""
        if ready.done():
            self.nudged.set()
        else:
            ready.set_result(None)

    async def _pass_on(self) -> None:
        """A nudge goes out at once; all those of the pause that follows become one more."""
        while True:
            await self.nudged.wait()
            self.nudged.clear()
            await self.send(text_data="changed")
            await asyncio.sleep(PAUSE_SECONDS)


class Refusal(AsyncWebsocketConsumer):
    """Answers sockets to addresses that lead nowhere."""

    async def connect(self) -> None:
        await self.close(FORBIDDEN)


@database_sync_to_async
def may_listen(user: Any, topic: str) -> bool:
    """Whether this user may see what `topic` is about."""
    if not isinstance(user, User) or not user.is_active:
        return False
    if topic in WHOLE_ROOMS:
        return not WHOLE_ROOMS[topic] or user.has_perm(WHOLE_ROOMS[topic])
    kind, _separator, identifier = topic.partition("/")
    return kind in RECORDS and _is_visible(kind, identifier, user)


def _is_visible(kind: str, identifier: str, user: User) -> bool:
    try:
        record_id = UUID(identifier)
    except ValueError:
        return False
    return bool(RECORDS[kind].objects.visible_to(user).filter(pk=record_id).exists())


live_urlpatterns = [
    path(
        "live/<path:topic>",
        OriginValidator(AuthMiddlewareStack(LiveSocket.as_asgi()), [settings.PUBLIC_BASE_URL]),
    ),
]

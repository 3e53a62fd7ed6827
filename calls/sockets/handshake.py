"""Who may open a conversation's socket: the carrier, by its signature and the call's secret."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from calls.addresses import relay_url
from calls.signatures import secret_matches, signature_fits
from calls.sockets.relay import Relay

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)


async def relay_application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI: refuse with 403 before accepting, or hold the conversation until either side leaves."""
    await receive()
    path = scope["url_route"]["kwargs"]
    if not may_open(path["call_id"], path["secret"], scope):
        log.warning("relay_refused", call=str(path["call_id"]))
        await send({"type": "websocket.close", "code": 4403})
        return
    await send({"type": "websocket.accept"})
    await Relay(call_id=path["call_id"], receive=receive, send=send).run()


def may_open(call_id: UUID, secret: str, scope: Scope) -> bool:
    """The signature covers the exact address we gave the carrier, without any form."""
    if scope["query_string"] or not secret_matches(call_id, secret):
        return False
    signature = dict(scope["headers"]).get(b"x-twilio-signature", b"").decode("latin-1")
    return bool(settings.PUBLIC_WS_URL) and signature_fits(url=relay_url(call_id), form={}, signature=signature)

"""The sockets door: the carrier's conversation sockets, and the clips of `gather` that wait for their sentence.

Nothing on its loop touches the ORM, a template or a file: one loop carries every live call. What may not be lost, an
opt-out first of all, is done by threads beside it (`rescuing`).
"""

from django.urls import path

from calls.sockets.clips import http_application
from calls.sockets.handshake import relay_application

websocket_urlpatterns = [
    path("telephony/<uuid:call_id>/<str:secret>/relay", relay_application),  # type: ignore[arg-type]
]

__all__ = ["http_application", "websocket_urlpatterns"]

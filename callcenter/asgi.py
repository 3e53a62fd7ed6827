"""The sockets door: the carrier's conversations, the clips that wait for their sentence, the staff's live pages."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcenter.settings")
get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import re_path  # noqa: E402

from callcenter.live_sockets import Refusal, live_urlpatterns  # noqa: E402
from calls.sockets import http_application, websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": http_application,
        "websocket": URLRouter([*websocket_urlpatterns, *live_urlpatterns, re_path("", Refusal.as_asgi())]),
    }
)

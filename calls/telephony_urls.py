"""Addresses that the carrier posts to. No trailing slash: a redirect would turn the POST into a GET."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from calls.webhooks import clips, conversation, progress

app_name = "telephony"


def _about_a_call(address: str, view: Callable[..., HttpResponseBase]) -> URLPattern:
    return path(f"<uuid:call_id>/<str:secret>/{address}", view, name=address.split("/")[0])


urlpatterns = [
    _about_a_call("voice", conversation.voice),
    _about_a_call("opening", conversation.opening),
    _about_a_call("opened", conversation.opened),
    _about_a_call("disclosed", conversation.disclosed),
    _about_a_call("relay-ended", conversation.relay_ended),
    _about_a_call("gather/<int:sequence>", conversation.gather),
    _about_a_call("voicemail", conversation.voicemail),
    _about_a_call("fallback", conversation.fallback),
    _about_a_call("clip/<str:key>.wav", clips.clip),
    _about_a_call("status", progress.status),
    _about_a_call("amd", progress.amd),
    _about_a_call("recording", progress.recording),
]

"""Addresses that the carrier posts to. No trailing slash: a redirect would turn the POST into a GET."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from calls.webhooks import progress

app_name = "telephony"


def _about_a_call(address: str, view: Callable[..., HttpResponseBase]) -> URLPattern:
    return path(f"<uuid:call_id>/<str:secret>/{address}", view, name=address.split("/")[0])


urlpatterns = [
    _about_a_call("status", progress.status),
    _about_a_call("amd", progress.amd),
    _about_a_call("recording", progress.recording),
]

"""What every request passes: the log line with its id, and the way to the sign-in page for parts of a page."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_structlog.middlewares import RequestMiddleware

_CALL_SECRET = re.compile(r"^(/telephony/[^/]+/)[^/]+")


class RequestLogMiddleware(RequestMiddleware):
    """One line a request, without its query (searches hold numbers and names) and without the secrets of calls."""

    @classmethod
    def format_request(cls, request: HttpRequest) -> str:
        path = _CALL_SECRET.sub(r"\1…", request.path)
        return f"{request.method} {path}"

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response["X-Request-ID"] = structlog.contextvars.get_contextvars().get("request_id", "")
        super().handle_response(request, response)


class SignInAgainMiddleware:
    """Sends the whole page to the sign-in page when the session ended while one of its parts was reloading."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("HX-Request") and _leads_to_sign_in(response):
            return HttpResponseClientRedirect(_sign_in_for(request))
        return response


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == resolve_url(settings.LOGIN_URL)


def _sign_in_for(request: HttpRequest) -> str:
    page = urlsplit(request.headers.get("HX-Current-URL", "/"))
    return redirect_to_login(page.path or "/").url

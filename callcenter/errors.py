"""Error pages: what happened, the id to quote, a way back. They need neither database nor session.

Programs, which do not accept HTML, get the same as a problem document.
"""

from dataclasses import dataclass

import structlog
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token

from callcenter.problems import problem


@dataclass(frozen=True)
class ErrorText:
    title: str | Promise
    text: str | Promise


TEXTS = {
    400: ErrorText(_("This request cannot be understood"), _("The address or the data sent is not as it should be.")),
    403: ErrorText(_("You may not enter here"), _("Your role does not include this. Ask an administrator for it.")),
    404: ErrorText(_("There is nothing here"), _("It was deleted, never existed, or belongs to another team.")),
    429: ErrorText(_("Too many attempts"), _("Please wait a few minutes and try again.")),
    500: ErrorText(
        _("Something went wrong on our side"), _("It has been recorded. Nothing you entered was half-saved.")
    ),
}
STALE_FORM = ErrorText(
    _("This form has expired"),
    _("It was open for too long, or the browser sends no cookies. Go back, reload the page and send it again."),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500)


@requires_csrf_token
@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, STALE_FORM)


def request_id() -> str:
    """The id under which the log tells about the present request."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def _answer(request: HttpRequest, status: int, text: ErrorText | None = None) -> HttpResponse:
    words = text or TEXTS[status]
    if not request.accepts("text/html"):
        return problem(status, words.text, request_id=request_id())
    return HttpResponse(render_to_string("errors/error.html", _context(status, words)), status=status)


def _context(status: int, words: ErrorText) -> dict[str, object]:
    return {
        "status": status,
        "title": words.title,
        "text": words.text,
        "request_id": request_id(),
        "stylesheets": [_static("vendor/tabler.min.css"), _static("css/portal.css")],
        "theme_script": _static("js/theme.js"),
    }


def _static(path: str) -> str:
    """The file's address; empty where static files are not collected, since an error page must never fail."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return ""

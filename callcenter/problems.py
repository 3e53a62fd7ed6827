"""Problem answers for programs, after RFC 9457: one shape for every refusal."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.utils.functional import Promise

CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str | Promise = "", *, kind: str = "about:blank", **members: Any) -> JsonResponse:
    """An answer with this status. `kind` names the problem for programs; further members may explain it."""
    body = {"type": kind, "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = str(detail)
    return JsonResponse(body | members, status=status, content_type=CONTENT_TYPE)

"""The queues' own pages in the back office: superusers only, since a job's arguments and errors are raw."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django_rq.urls import get_admin_urlpatterns, get_api_urlpatterns

View = Callable[..., HttpResponse]


def superusers_only(view: View) -> View:
    """Staff without that right get 403, strangers the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "is_superuser", False):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(guarded)


def _guarded(patterns: list[URLPattern]) -> list[URLPattern]:
    for pattern in patterns:
        pattern.callback = superusers_only(pattern.callback)
    return patterns


queue_urlpatterns = (
    [*_guarded(get_api_urlpatterns()), *get_admin_urlpatterns(view_wrapper=superusers_only)],
    "django_rq",
)

"""The list of calls and the page of one call, which grows while the call runs."""

from typing import Any, Literal
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from accounts.requests import StaffRequest
from callcenter import clock
from callcenter.paging import paginate
from calls.access import visible_call, visible_calls
from calls.filters import CallFilter
from calls.forms import RescheduleForm
from calls.live_page import growing_transcript, is_settled, possible_controls
from calls.models import Call

NEWEST_FIRST = ("-id",)


@require_GET
@permission_required("calls.view_call", raise_exception=True)
@vary_on_headers("HX-Request")
def call_list(request: StaffRequest) -> HttpResponse:
    calls = CallFilter(request.GET, queryset=visible_calls(request.user), request=request)
    page = paginate(calls.found, order=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    template = "calls/call_list.html#call-rows" if wants_part(request) else "calls/call_list.html"
    return render(request, template, {"filter": calls, "page": page})


@require_GET
@permission_required("calls.view_call", raise_exception=True)
@vary_on_headers("HX-Request")
def call_detail(request: StaffRequest, call_id: UUID) -> HttpResponse:
    call = visible_call(request.user, call_id)
    if wants_part(request):
        return show_parts(request, call, "call-parts")
    context = part_context(call) | growing_transcript(call) | {"reschedule_form": RescheduleForm()}
    return render(request, "calls/call_detail.html", context | {"is_part": False})


@require_GET
@permission_required("calls.view_call", raise_exception=True)
@vary_on_headers("HX-Request")
def transcript(request: StaffRequest, call_id: UUID) -> HttpResponse:
    """The turns that came after those already shown, and the one that is still growing."""
    call = visible_call(request.user, call_id)
    if not wants_part(request):
        return redirect(call)
    return render(request, "calls/call_detail.html#transcript-tail", growing_transcript(call, after=_after(request)))


def show_parts(request: StaffRequest, call: Call, part: Literal["call-parts", "acted-on"]) -> HttpResponse:
    """The parts around the transcript, and word to the page when it need not listen any more."""
    context = part_context(call) | {"reschedule_form": RescheduleForm()}
    response = render(request, f"calls/call_detail.html#{part}", context)
    return trigger_client_event(response, "live-done") if context["is_settled"] else response


def part_context(call: Call) -> dict[str, Any]:
    """What the parts around the transcript show; `is_part` lets them replace themselves out of band."""
    return {
        "call": call,
        "events": list(call.events.all()),
        "is_settled": is_settled(call, now=clock.now()),
        "can": possible_controls(call),
        "is_part": True,
    }


def wants_part(request: StaffRequest) -> bool:
    """Whether htmx wants the part. Going back to a page that it no longer remembers needs the whole of it."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def _after(request: StaffRequest) -> int:
    text = request.GET.get("after", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1

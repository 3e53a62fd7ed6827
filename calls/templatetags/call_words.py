"""How calls are shown: numbers masked where they must be, lengths as on a clock, events and evidence in words."""

from datetime import datetime

from django import template
from django.template.context import Context
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcenter.money import from_micros
from calls.models import Call
from calls.words import describe_end, describe_event, describe_evidence, describe_reason, describe_source
from contacts import access

register = template.Library()
register.filter("event_words", describe_event)
register.filter("reason_words", describe_reason)
register.filter("source_words", describe_source)
register.filter("end_words", describe_end)
register.filter("evidence_words", describe_evidence)

TIMES: dict[str, str | Promise] = {
    "queued_at": gettext_lazy("Queued"),
    "place_at": gettext_lazy("To be placed"),
    "placed_at": gettext_lazy("Placed"),
    "answered_at": gettext_lazy("Answered"),
    "disclosed_at": gettext_lazy("Disclosure spoken"),
    "ended_at": gettext_lazy("Ended"),
}


@register.simple_tag(takes_context=True)
def shown_number(context: Context, e164: str) -> str:
    """A number as people read it, or masked for whoever may not see it."""
    return access.shown_number(context["request"].user, e164)


@register.simple_tag
def contact_name(call: Call) -> str:
    """The contact's name; calls outlive the contacts that were erased."""
    return str(call.contact) if call.contact else _("Erased contact")


@register.filter
def clock_length(seconds: int | None) -> str:
    """125 -> 2:05; nothing where there was no conversation."""
    return f"{seconds // 60}:{seconds % 60:02}" if seconds else ""


@register.filter
def call_time(call: Call) -> datetime:
    """When it was placed, or is to be."""
    return call.placed_at or call.place_at


@register.filter
def call_times(call: Call) -> list[tuple[str, datetime]]:
    """The instants of a call that are known, in the order of its life."""
    known = {name: getattr(call, name) for name in TIMES}
    if known["placed_at"]:
        del known["place_at"]
    return [(str(TIMES[name]), at) for name, at in known.items() if at]


@register.simple_tag
def money(micros: int, currency: str) -> str:
    return f"{number_format(from_micros(micros), decimal_pos=4)} {currency}"


@register.simple_tag
def latency(label: str, milliseconds: int | None) -> SafeString | str:
    """One figure of a turn, or nothing where it was not measured."""
    if milliseconds is None:
        return ""
    return format_html('<span class="text-nowrap">{} {} ms</span>', label, milliseconds)

"""The colours of statuses and dispositions, told once: `{% badge call.status call.get_status_display %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

COLOURS = {
    "green": "running done completed interested stored human active",
    "blue": "in_call in_progress dialing ringing speaking callback announced",
    "azure": "queued pending screening",
    "orange": "paused busy no_answer voicemail human_requested uncertain exhausted no_conversation",
    "red": "failed do_not_call blocked wrong_number",
    "purple": "fax",
    "secondary": "draft finished canceled not_interested absent",
}
_COLOUR_OF = {value: colour for colour, values in COLOURS.items() for value in values.split()}
UNKNOWN = "secondary"


def colour_of(value: str) -> str:
    """The Tabler colour of a status, an answer or a disposition."""
    return _COLOUR_OF.get(value, UNKNOWN)


@register.simple_tag
def badge(value: str, label: str = "") -> SafeString:
    """A coloured label; nothing at all for an empty value."""
    if not value:
        return SafeString()
    return format_html(
        '<span class="badge badge-{}" data-value="{}">{}</span>', colour_of(value), value, label or value
    )

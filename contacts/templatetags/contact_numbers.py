from django import template
from django.template.context import Context

from contacts.access import shown_number

register = template.Library()


@register.simple_tag(takes_context=True)
def number(context: Context, e164: str) -> str:
    """A number as people read it, or masked for whoever may not see it."""
    return shown_number(context["request"].user, e164)

"""Figures as people read them."""

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.4567 -> 45.7 %, rounded; a dash where there is nothing to divide by."""
    return "–" if share is None else f"{number_format(round(share * 100, 1), decimal_pos=1)} %"


@register.simple_tag
def share(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)

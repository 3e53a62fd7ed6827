"""What the base layout needs: icons, navigation, the live connection of a page, placeholders of parts that load."""

from typing import Any

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from callcenter.finders import SPRITE
from callcenter.navigation import entries

register = template.Library()
STROKES = SafeString(
    'width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" '
    'stroke-linejoin="round" aria-hidden="true"'
)


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """A decorative icon of the sprite; the words stand beside it or in the button's `aria-label`."""
    drawing = format_html('<use href="{}#{}"></use>', static(SPRITE), name)
    return format_html('<svg {} class="{}">{}</svg>', STROKES, f"icon {css_class}".strip(), drawing)


@register.inclusion_tag("partials/navigation.html", takes_context=True)
def navigation(context: Context) -> dict[str, Any]:
    return {"entries": entries(context["request"]), "request": context["request"]}


@register.simple_tag
def live_address(topic: str) -> str:
    """Where a page listens for nudges about `topic`."""
    return f"{settings.PUBLIC_WS_URL}/live/{topic}"


@register.inclusion_tag("partials/live.html")
def live(*parts: object) -> dict[str, Any]:
    """`{% live "calls" call.pk %}`: as including `partials/live.html` with the topic `calls/<id>`."""
    return {"topic": "/".join(str(part) for part in parts)}


@register.inclusion_tag("partials/skeleton.html")
def skeleton(lines: int = 3, height: str = "") -> dict[str, Any]:
    """Grey lines in the place of a part that loads; `height` is one of `chart`, `card`, `table` or nothing."""
    return {"lines": range(lines), "height": height}


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The input of a filter with the look that its kind has, unless its form gave it one."""
    widget = field.field.widget
    usual = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return field.as_widget(attrs={"class": widget.attrs.get("class", usual)})

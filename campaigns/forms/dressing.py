"""How the fields of a campaign look, and how they are checked while somebody types."""

from django import forms

CSS_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


def dress(form: forms.BaseForm, *, validate_url: str) -> None:
    """Give every field its class, its descriptions, and the address that checks it."""
    for bound in form:
        widget = bound.field.widget
        widget.attrs["class"] = next(css for kind, css in CSS_CLASSES if isinstance(widget, kind))
        widget.attrs |= {
            "hx-post": f"{validate_url}?field={bound.name}",
            "hx-trigger": "change, input changed delay:700ms",
            "hx-target": f"#{bound.auto_id}_while_typing",
            "hx-swap": "innerHTML",
        }
        if form.is_bound and bound.errors and widget.attrs["class"] != "form-check-input":
            widget.attrs["class"] += " is-invalid"

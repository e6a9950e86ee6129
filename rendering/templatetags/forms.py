"""How a form field is dressed: the kit's classes, and what a screen reader needs."""

from typing import Any

from django import forms, template
from django.utils.safestring import SafeString

register = template.Library()

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


@register.filter
def is_checkbox(field: forms.BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def dressed(field: forms.BoundField) -> SafeString:
    """The field's widget with class, and its hint and error tied to it."""
    widget = field.field.widget
    attrs: dict[str, Any] = {
        "class": next(name for kind, name in CLASSES if isinstance(widget, kind)),
        # The label says it already, and stays when somebody types.
        "placeholder": False,
    }
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        attrs["aria-invalid"] = "true"
        described.append(f"{field.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)

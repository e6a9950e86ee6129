"""How a form field is dressed: the kit's classes, and what a screen reader needs."""

from typing import Any

from django import forms, template
from django.db.models.fields import BLANK_CHOICE_DASH
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
def options(field: forms.BoundField) -> list[forms.boundfield.BoundWidget]:
    """The boxes of a field with several, each dressed, each with a label of its own."""
    widget = field.field.widget
    attrs = {"id": field.auto_id, "class": "form-check-input"} | _spoken(field)
    boxes = widget.subwidgets(field.html_name, field.value(), attrs=attrs)
    return [forms.boundfield.BoundWidget(widget, box, field.form.renderer) for box in boxes]


@register.filter
def dressed(field: forms.BoundField) -> SafeString:
    """The field's widget with class, and its hint and error tied to it."""
    widget = field.field.widget
    if isinstance(widget, forms.Select):
        widget.choices = [_as_dash(choice) for choice in widget.choices]
    attrs: dict[str, Any] = {
        "class": next(name for kind, name in CLASSES if isinstance(widget, kind)),
        # The label says it already, and stays when somebody types.
        "placeholder": False,
    }
    return field.as_widget(attrs=attrs | _spoken(field))


def _as_dash(choice: Any) -> Any:
    """Nothing chosen looks the same in every list, whoever made its choices."""
    return ("", "–") if tuple(choice) == BLANK_CHOICE_DASH[0] else choice


def _spoken(field: forms.BoundField) -> dict[str, str]:
    """What ties a box to its hint and its error."""
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
    spoken = {"aria-describedby": " ".join(described)} if described else {}
    return spoken | ({"aria-invalid": "true"} if field.errors else {})

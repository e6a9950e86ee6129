"""Scores of surveys as people say them, each in the unit of its instrument."""

from django import template

from rendering.formats import current
from rendering.templatetags.formats import percent, signed

register = template.Library()


@register.filter
def in_unit(value: float | None, unit: str) -> str:
    """`+31` for NPS, `68 %` for a share, `4.2` for a mean and for SUS; a dash for what is not."""
    if value is None:
        return "–"
    if unit == "nps":
        return signed(round(value))
    if unit == "share":
        return percent(value)
    return current().number(round(value, 1), 1)


@register.filter
def signed_in_unit(value: float, unit: str) -> str:
    """A change: with its sign; of a share in percentage points."""
    if unit == "share":
        return signed(round(value * 100))
    if unit == "nps":
        return signed(round(value))
    text = current().number(round(value, 1), 1)
    return f"+{text}" if round(value, 1) > 0 else text

"""What pure files say of measures, in the language of whoever reads it."""

from django import template

from rendering.translation import translated as said

register = template.Library()


@register.filter
def translated(text: object) -> str:
    """A sentence in the language in force, any other text as it is, and nothing for None."""
    return "" if text is None else said(text if isinstance(text, str) else str(text))

"""What the menu of a plan's files offers."""

from django import template

from rendering.diagram.pictures import kinds

register = template.Library()


@register.simple_tag
def picture_kinds() -> tuple[str, ...]:
    """The kinds of picture that can be made here."""
    return kinds()

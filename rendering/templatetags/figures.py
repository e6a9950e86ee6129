"""A figure on a page: the box it is drawn in and the values it is drawn from."""

from typing import Any

import orjson
from django import template

from rendering.figures import Figure

register = template.Library()


@register.inclusion_tag("components/_figure.html")
def drawn(figure: Figure, name: str, words: str) -> dict[str, Any]:
    """A figure under a name that is unique on the page; `words` say what it shows.

    The JSON stands in a template element: htmx takes script elements out of what it swaps in.
    """
    return {"name": name, "words": words, "json": orjson.dumps(figure).decode()}

"""What goes with a row, on a page that shows many."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template

register = template.Library()


@register.filter
def of(attachments: Mapping[UUID, Any] | str | None, row_id: UUID) -> Any:
    """The files that go with one row, out of those of all; none on a page that asked for none."""
    return attachments.get(row_id, ()) if isinstance(attachments, Mapping) else ()

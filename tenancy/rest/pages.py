"""Lists in pages that stay right while rows arrive and change."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

# Ids are in the order of time.
NEWEST, OLDEST, CHANGED = "newest", "oldest", "changed"
BY_ID: dict[str, tuple[str, ...]] = {NEWEST: ("-id",), OLDEST: ("id",)}
BY_CHANGE: dict[str, tuple[str, ...]] = {CHANGED: ("changed_at", "id")}


class NewestFirst(CursorPagination):
    """Newest rows first unless another order is asked for."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 500
    order_query_param = "order"
    cursor_query_description: Any = _lazy("Where to go on: taken from “next” or “previous”.")
    page_size_query_description: Any = _lazy("How many rows a page holds: 1 to 500, usually 50.")

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        offered = orders_of(queryset.model)
        wanted = request.query_params.get(self.order_query_param, NEWEST)
        if wanted not in offered:
            words = _("There is no such order. Choose one of: %(orders)s.")
            orders = ", ".join(offered)
            raise ValidationError({self.order_query_param: [words % {"orders": orders}]})
        return offered[wanted]

    def get_page_size(self, request: Request) -> int | None:
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= self.max_page_size:
            return int(text)
        words = _("Give a whole number from 1 to %(most)s.") % {"most": self.max_page_size}
        raise ValidationError({self.page_size_query_param: [words]})

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        offered = list(orders_of(view.queryset.model))
        order = {
            "name": self.order_query_param,
            "in": "query",
            "required": False,
            "description": str(
                _lazy(
                    "The order of rows; “changed” has those changed last at the end, for syncing."
                )
                if CHANGED in offered
                else _lazy("The order of rows by when they were made.")
            ),
            "schema": {"type": "string", "enum": offered, "default": NEWEST},
        }
        said: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        return [*said, order]


def orders_of(model: Any) -> dict[str, tuple[str, ...]]:
    """The orders rows of a model can be listed in."""
    changes = any(field.name == "changed_at" for field in model._meta.concrete_fields)
    return BY_ID | (BY_CHANGE if changes else {})

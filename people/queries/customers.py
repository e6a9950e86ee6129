"""How customers are called, for those who belong to one."""

from collections.abc import Callable
from uuid import UUID

# Customers belong to an app above this one, which says here how they are called.
_customer_names: list[Callable[[], dict[UUID, str]]] = []


def take_customer_names_from(source: Callable[[], dict[UUID, str]]) -> None:
    """Where the names of the customers of the workspace in force come from, by id."""
    _customer_names[:] = [source]


def get_customer_names() -> dict[UUID, str]:
    return _customer_names[0]() if _customer_names else {}

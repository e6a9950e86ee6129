"""Reads of what customers are called in other systems."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Coalesce

from engagements.models import CustomerReference

References = dict[str, str]


def get_references(*, customer_ids: Iterable[UUID] | None = None) -> dict[UUID, References]:
    """Ids by system for each of these customers, or for all; one that has none is left out."""
    rows = CustomerReference.objects.order_by("system")
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=list(customer_ids))
    found: dict[UUID, References] = {}
    for customer_id, system, value in rows.values_list("customer_id", "system", "value"):
        found.setdefault(customer_id, {})[system] = value
    return found


def get_reference_systems() -> tuple[str, ...]:
    """The systems in which customers of the workspace have an id, by name."""
    rows = CustomerReference.objects.order_by("system").values_list("system", flat=True)
    return tuple(rows.distinct())


def get_referenced(*, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Which customer has these ids, by (system, id); those nobody has are left out.

    The id of a customer merged into another leads to the kept one.
    """
    wanted = set(pairs)
    rows = CustomerReference.objects.filter(
        system__in={system for system, _value in wanted}, value__in={value for _s, value in wanted}
    )
    meant = Coalesce("customer__merged_into_id", "customer_id")
    found = rows.values_list("system", "value", meant)
    return {(system, value): pk for system, value, pk in found if (system, value) in wanted}

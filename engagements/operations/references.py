"""Changes to what customers are called in other systems."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Customer, CustomerReference


@transaction.atomic
def set_references(*, customer: Customer, references: Mapping[str, str]) -> dict[str, list[Any]]:
    """State every id of a customer in other systems, by system; those not stated are taken away.

    Returns what changed, as "ref:system" with the id before and after. Raises ValidationError,
    keyed `references`.
    """
    stored = {row.system: row for row in CustomerReference.objects.filter(customer=customer)}
    before = {system: row.value for system, row in stored.items()}
    changed = {
        system: [before.get(system), references.get(system)]
        for system in sorted({*before, *references})
        if before.get(system) != references.get(system)
    }
    for system, (_old, new) in changed.items():
        row = stored.get(system) or CustomerReference(customer=customer, system=system)
        if new is None:
            row.delete()
        else:
            _keep(row, new)
    return {f"ref:{system}": values for system, values in changed.items()}


def _keep(row: CustomerReference, value: str) -> None:
    row.value = value
    others = CustomerReference.objects.filter(system=row.system, value=value)
    taken = others.exclude(customer_id=row.customer_id).select_related("customer").first()
    if taken:
        words = _("%(customer)s has the id “%(value)s” in %(system)s already.")
        named = {"customer": taken.customer.name, "value": value, "system": row.system}
        raise ValidationError({"references": words % named})
    try:
        row.clean_fields(exclude=["tenant", "customer"])
    except ValidationError as error:
        raise ValidationError({"references": error.messages}) from error
    row.save()

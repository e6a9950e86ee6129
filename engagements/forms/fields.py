"""Fields that several forms share."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import Stakeholder, time_zone_names
from people.models import User
from people.queries import get_staff
from tenancy.scope import current_tenant_id


def time_zones() -> list[tuple[str, str]]:
    named = sorted(zone for zone in time_zone_names() if "/" in zone or zone == "UTC")
    return [(zone, zone.replace("_", " ")) for zone in named]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OwnerField(forms.ChoiceField):
    """One of our people or one of the customer's, in one list; cleans to that row or to None."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, required=False)
        self._people: dict[str, Any] = {}

    def offer(self, customer_id: UUID) -> None:
        """Fill the list with the staff of the workspace and the stakeholders of the customer."""
        ours = get_staff(tenant_id=current_tenant_id())
        theirs = list(Stakeholder.objects.filter(customer_id=customer_id))
        self._people = {self._key(person): person for person in (*ours, *theirs)}
        groups: list[tuple[Any, list[Any]]]
        groups = [(_("At the customer"), theirs), (_("On our side"), ours)]
        listed = [(name, [(self._key(p), str(p)) for p in people]) for name, people in groups]
        self.choices = [("", "–"), *(group for group in listed if group[1])]

    @staticmethod
    def _key(person: Any) -> str:
        return f"{person._meta.model_name}:{person.pk}"

    @classmethod
    def named(cls, *candidates: Any) -> str:
        """The value that stands for the first of these who is somebody."""
        return next((cls._key(person) for person in candidates if person), "")

    def clean(self, value: Any) -> Any:
        return self._people.get(super().clean(value))


def owner_fields(person: Any) -> dict[str, Any]:
    """The two columns that hold an owner: one of us, or one of the customer's people."""
    ours = isinstance(person, User)
    return {"owner": person if ours else None, "owner_at_customer": None if ours else person}


# Always has a value; a form that leaves it out keeps the usual one.
ALWAYS_SET = frozenset({"currency", "mode"})


def with_usual(values: dict[str, Any]) -> dict[str, Any]:
    """The values without choices left out, so that the usual ones stay."""
    return {name: value for name, value in values.items() if value or name not in ALWAYS_SET}

"""A person's place in a workspace."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import queries
from tenancy.models import Role
from tenancy.scope import Realm


def _roles() -> list[tuple[str, str]]:
    return queries.get_role_choices(with_customers=bool(queries.get_customer_names()))


def _customers() -> list[tuple[str, str]]:
    names = sorted(queries.get_customer_names().items(), key=lambda pair: pair[1].lower())
    return [("", "–"), *((str(key), name) for key, name in names)]


class PlaceForm(forms.Form):
    """A role, and on the customer's side whose."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_roles, initial=Role.CSM)
    customer = forms.ChoiceField(
        label=gettext_lazy("Customer"),
        choices=_customers,
        required=False,
        help_text=gettext_lazy("For the customer's side only: they see this customer alone."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "role" not in values:
            return values
        on_their_side = Role(values["role"]).realm is Realm.CUSTOMER
        if on_their_side and not values.get("customer") and "customer" not in self.errors:
            self.add_error("customer", _("Choose the customer this person belongs to."))
        values["customer_id"] = UUID(values["customer"]) if self._chosen(values) else None
        return values

    @staticmethod
    def _chosen(values: dict[str, Any]) -> bool:
        return bool(values.get("customer")) and Role(values["role"]).realm is Realm.CUSTOMER


class InviteForm(PlaceForm):
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)

    field_order = ("email", "name", "role", "customer")

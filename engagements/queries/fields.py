"""Fields of a workspace's own, and their values as pages, files and filters show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.lookups import IContains
from django.utils.translation import gettext as _

from engagements import custom_fields
from engagements.custom_fields import Field, Type, Value, WrongValue
from engagements.models import Customer, CustomField, Engagement
from rendering.formats import current

MODELS: dict[str, type[Customer] | type[Engagement]] = {
    CustomField.Kind.CUSTOMER: Customer,
    CustomField.Kind.ENGAGEMENT: Engagement,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with one row's value; a day is a day, the rest is as it is kept."""

    key: str
    label: str
    type: str
    value: Value | date | None

    @property
    def text(self) -> str:
        """As a page writes it, with a dash for nothing."""
        if self.value is None:
            return "–"
        if isinstance(self.value, bool):
            return _("yes") if self.value else _("no")
        if isinstance(self.value, int | float):
            decimals = len(custom_fields.write_number(self.value).partition(".")[2])
            return current().number(self.value, decimals)
        return str(self.value)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field as the settings list it, with how many rows say something in it."""

    id: UUID
    key: str
    label: str
    type: str
    type_label: str
    choices: tuple[str, ...]
    required: bool
    archived: bool
    used: int


def get_custom_fields(*, kind: str) -> tuple[Field, ...]:
    """The fields in use on customers or on engagements, in their order.

    None for the customer's side: what staff keeps in fields of its own is staff's.
    """
    rows = CustomField.objects.filter(kind=kind, archived_at=None)
    return tuple(row.plain for row in rows)


def shown_values(fields: tuple[Field, ...], values: Mapping[str, Any]) -> tuple[Shown, ...]:
    """Each field with its value; one without a value is there too."""
    return tuple(
        Shown(field.key, field.label, field.type.value, as_shown(field, values.get(field.key)))
        for field in fields
    )


def as_shown(field: Field, value: Any) -> Value | date | None:
    """A value as a page or a spreadsheet writes it: a day as a day."""
    if field.type is Type.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    found: Value | None = value
    return found


def as_written(fields: tuple[Field, ...], values: Mapping[str, Any]) -> list[str]:
    """The cells of a row, one for each field, as an import reads them back."""
    return [custom_fields.write(field, values.get(field.key)) for field in fields]


def fitting_values(field: Field, text: str) -> Q:
    """What a filter on a field asks: the exact value, or for text a part of it.

    A filter that is no value of the field fits nothing.
    """
    if field.type in (Type.TEXT, Type.LINK):
        return Q(IContains(KT(f"custom__{field.key}"), text))
    try:
        return Q(custom__contains={field.key: custom_fields.read(field, text)})
    except WrongValue:
        return Q(pk=None)


def get_field_rows() -> dict[str, list[FieldRow]]:
    """Every field by what it belongs to, archived ones last."""
    found: dict[str, list[FieldRow]] = {kind.value: [] for kind in CustomField.Kind}
    for row in CustomField.objects.order_by("kind", "archived_at", "position", "created_at"):
        found[row.kind].append(_field_row(row))
    for rows in found.values():
        rows.sort(key=lambda row: row.archived)
    return found


def _field_row(row: CustomField) -> FieldRow:
    return FieldRow(
        id=row.pk,
        key=row.key,
        label=row.label,
        type=row.type,
        type_label=row.get_type_display(),
        choices=tuple(row.choices),
        required=row.required,
        archived=row.archived_at is not None,
        used=get_use_of_field(kind=row.kind, key=row.key),
    )


def get_use_of_field(*, kind: str, key: str) -> int:
    """How many rows have a value in a field, archived rows included."""
    return MODELS[kind].objects.filter(custom__has_key=key).count()

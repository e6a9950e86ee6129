"""Changes to fields of a workspace's own, and the check of every value on its way in."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from engagements import custom_fields
from engagements.custom_fields import Type, WrongValue
from engagements.models import Customer, CustomField, Engagement
from engagements.operations.saving import change, known, save
from engagements.queries.fields import MODELS, get_use_of_field
from tenancy.audit import record

FIELD_FIELDS = frozenset({"key", "label", "type", "choices", "required"})
MOST_FIELDS = 60
MOST_CHOICES = 100


@transaction.atomic
def add_custom_field(*, kind: str, fields: Mapping[str, Any]) -> CustomField:
    """A new field, last of its kind; its key is made of its name unless it is given.

    Raises ValidationError, keyed by field.
    """
    there = CustomField.objects.filter(kind=kind)
    if there.filter(archived_at=None).count() >= MOST_FIELDS:
        raise ValidationError({"label": _("There are as many fields as a form can carry.")})
    values = known(fields, FIELD_FIELDS)
    values["key"] = values.get("key") or _key_of(values.get("label", ""))
    last = there.aggregate(last=Max("position"))["last"]
    field = CustomField(kind=kind, position=0 if last is None else last + 1, **values)
    _check_choices(field.type, field.choices)
    save(field, named_by="key")
    record(action="field.added", subject=field, facts={"kind": kind, "type": field.type})
    return field


@transaction.atomic
def change_custom_field(*, field: CustomField, fields: Mapping[str, Any]) -> CustomField:
    """Other words, choices or rules for a field.

    Raises ValidationError, keyed by field: the type and the key stay once there are values, and so
    does a choice that a row has made.
    """
    values = known(fields, FIELD_FIELDS)
    stored = CustomField.objects.select_for_update().get(pk=field.pk)
    _keep_what_is_used(stored, values)
    _check_choices(values.get("type", stored.type), values.get("choices", stored.choices))
    facts = change(field, values, named_by="key")
    if facts:
        record(action="field.changed", subject=field, facts=facts)
    return field


def _key_of(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].rstrip("_")
    return key if key[:1].isalpha() else f"field_{key}".rstrip("_")[:40]


def _keep_what_is_used(stored: CustomField, values: Mapping[str, Any]) -> None:
    moved = [
        name
        for name in ("type", "key")
        if values.get(name, getattr(stored, name)) != getattr(stored, name)
    ]
    if moved and get_use_of_field(kind=stored.kind, key=stored.key):
        words = _("There are values in this field already, so this stays. Add another field.")
        raise ValidationError({moved[0]: words})
    dropped = set(stored.choices) - set(values.get("choices", stored.choices))
    if stored.type == Type.CHOICE and dropped:
        chosen = KT(f"custom__{stored.key}")
        rows = MODELS[stored.kind].objects.annotate(chosen=chosen).order_by()
        if choice := rows.filter(chosen__in=dropped).values_list("chosen", flat=True).first():
            words = _("“%(choice)s” has been chosen, so it stays in the list.")
            raise ValidationError({"choices": words % {"choice": choice}})


def _check_choices(of_type: str, choices: list[str]) -> None:
    if of_type != Type.CHOICE:
        return
    if len({choice.casefold() for choice in choices}) < 2:
        raise ValidationError({"choices": _("Give at least two different choices.")})
    if len(choices) > MOST_CHOICES:
        raise ValidationError({"choices": _("Give at most %(n)s choices.") % {"n": MOST_CHOICES}})


@transaction.atomic
def archive_custom_field(*, field: CustomField, now: datetime) -> None:
    """The field is shown nowhere any more; its values are kept."""
    field.archived_at = now
    field.save(update_fields=["archived_at"])
    record(action="field.archived", subject=field)


@transaction.atomic
def restore_custom_field(*, field: CustomField) -> None:
    field.archived_at = None
    field.save(update_fields=["archived_at"])
    record(action="field.restored", subject=field)


@transaction.atomic
def move_custom_field(*, field: CustomField, up: bool) -> None:
    """One place up or down among the fields of its kind that are in use."""
    rows = list(CustomField.objects.select_for_update().filter(kind=field.kind, archived_at=None))
    at = next((place for place, row in enumerate(rows) if row.pk == field.pk), None)
    to = None if at is None else at + (-1 if up else 1)
    if at is None or to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for place, row in enumerate(rows):
        row.position = place
    CustomField.objects.bulk_update(rows, ["position"])
    record(action="field.moved", subject=field, facts={"place": to + 1})


def with_own_values(row: Customer | Engagement, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the row says in its own fields once these values are put in; None takes one out.

    Values of archived fields stay. Raises ValidationError, keyed `custom`.
    """
    kind = CustomField.Kind(str(row._meta.model_name))
    fields = {
        field.key: field.plain for field in CustomField.objects.filter(kind=kind, archived_at=None)
    }
    merged = dict(row.custom)
    for key, value in values.items():
        if key in row.custom and row.custom[key] == value:
            continue
        if key not in fields:
            raise ValidationError({"custom": _("There is no field “%(key)s”.") % {"key": key}})
        merged[key] = _checked(fields[key], value)
    return {key: value for key, value in merged.items() if value is not None}


def put_own_values(row: Customer | Engagement, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields for a row in which `custom` holds all its own values instead of those that change."""
    if "custom" not in fields:
        return fields
    return fields | {"custom": with_own_values(row, fields["custom"])}


def _checked(field: custom_fields.Field, value: object) -> Any:
    try:
        return custom_fields.check(field, value)
    except WrongValue as error:
        raise ValidationError({"custom": f"{field.label}: {error}"}) from error


def own_changes(facts: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Facts for the log in which each field of one's own stands by itself."""
    before, after = facts.get("custom", ({}, {}))
    keys = sorted({*before, *after})
    rest = {name: fact for name, fact in facts.items() if name != "custom"}
    return rest | {
        f"own:{key}": [before.get(key), after.get(key)]
        for key in keys
        if before.get(key) != after.get(key)
    }

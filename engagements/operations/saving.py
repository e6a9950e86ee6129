"""How a row with rules is checked and kept, whatever it is."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import UniqueConstraint

from tenancy.audit import changes


def known(fields: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    unknown = set(fields) - allowed
    if unknown:
        raise ValidationError(dict.fromkeys(sorted(unknown), "There is no such field."))
    return dict(fields)


def change(row: Any, fields: Mapping[str, Any], *, named_by: str) -> dict[str, list[Any]]:
    """Returns what changed, each with its value before and after."""
    # Against the stored row, since a form has given this one its new values already.
    facts = changes(type(row).objects.get(pk=row.pk), fields)
    for name, value in fields.items():
        setattr(row, name, value)
    save(row, named_by=named_by)
    return facts


def save(row: Any, *, named_by: str) -> None:
    """Check and keep a row; that its name is taken already is said of the field that names it."""
    try:
        _check_and_keep(row)
    except ValidationError as error:
        raise ValidationError(_by_field(row, error.error_dict, named_by)) from error


def _check_and_keep(row: Any) -> None:
    _check(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # Somebody saved the same name between the check and now.
        row.full_clean()
        raise


def _check(row: Any) -> None:
    """As `full_clean` does, but for asking whether there is what the row at hand was made from."""
    try:
        row.clean_fields(exclude=_at_hand(row))
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError:
        # All that is wrong at once.
        row.full_clean()
        raise


def _at_hand(row: Any) -> set[str]:
    """The workspace in force, rows that were read already, and the customer whose they are."""
    names = {
        field.name
        for field in row._meta.concrete_fields
        if field.remote_field and field.is_cached(row) and getattr(row, field.attname)
    }
    owners = {getattr(getattr(row, name), "customer_id", None) for name in names}
    owned = getattr(row, "customer_id", None) in owners
    return names | {"tenant"} | ({"customer"} if owned else set())


def _by_field(row: Any, faults: dict[str, list[ValidationError]], named_by: str) -> Any:
    taken = {
        str(constraint.violation_error_message)
        for constraint in row._meta.constraints
        if isinstance(constraint, UniqueConstraint)
    }
    found = {name: errors for name, errors in faults.items() if name != NON_FIELD_ERRORS}
    for fault in faults.get(NON_FIELD_ERRORS, []):
        place = named_by if str(fault.message) in taken else NON_FIELD_ERRORS
        found.setdefault(place, []).append(fault)
    return found
